/* Exact similarities of templates, and the nearest of many.

   A template is 128 int16 whose squares add up to less than 2^31, none of them −32768. So by Cauchy and Schwarz the product
   of two, and of any part of two, fits an int32, and the order of its terms cannot matter. (Of other numbers the low 32 bits
   are given: still the same on every chip.)

   nearest: the k greatest, in descending order, of equal ones the lower index first. One pass over the templates, for all
   queries at once; the k best so far are a heap with the worst on top. */
#include "faces.h"

/* Templates that stay in the first cache while every query passes: 32 KiB. */
enum { BLOCK = 128 };

FACES_LEVELS
static void products(const int16_t *restrict rows, int64_t count, const int16_t *restrict query, int32_t *restrict out) {
    for (int64_t r = 0; r < count; ++r) {
        int32_t sum = 0;
        for (int j = 0; j < DIMENSIONS; ++j) sum += (int32_t)rows[r * DIMENSIONS + j] * query[j];
        out[r] = sum;
    }
}

void faces_scores(const int16_t *templates, int64_t count, const int16_t *queries, int64_t queries_count, int32_t *scores) {
    for (int64_t at = 0; at < count; at += BLOCK)
        for (int64_t q = 0; q < queries_count; ++q)
            products(templates + at * DIMENSIONS, least(BLOCK, count - at), queries + q * DIMENSIONS, scores + q * count + at);
}

/* The best so far of one query; scores[0], indices[0] is the worst of them. */
struct heap {
    int32_t *scores;
    int64_t *indices;
};

static int worse(const struct heap *heap, int64_t a, int64_t b) {
    return heap->scores[a] != heap->scores[b] ? heap->scores[a] < heap->scores[b] : heap->indices[a] > heap->indices[b];
}

static void swap(struct heap *heap, int64_t a, int64_t b) {
    const int32_t score = heap->scores[a];
    const int64_t index = heap->indices[a];
    heap->scores[a] = heap->scores[b];
    heap->indices[a] = heap->indices[b];
    heap->scores[b] = score;
    heap->indices[b] = index;
}

static void sink(struct heap *heap, int64_t at, int64_t size) {
    for (;;) {
        int64_t worst = at;
        if (2 * at + 1 < size && worse(heap, 2 * at + 1, worst)) worst = 2 * at + 1;
        if (2 * at + 2 < size && worse(heap, 2 * at + 2, worst)) worst = 2 * at + 2;
        if (worst == at) return;
        swap(heap, at, worst);
        at = worst;
    }
}

static void rise(struct heap *heap, int64_t at) {
    for (; at > 0 && worse(heap, at, (at - 1) / 2); at = (at - 1) / 2) swap(heap, at, (at - 1) / 2);
}

/* Takes one in: as long as there are fewer than k, or in the place of the worst. */
static void take(struct heap *heap, int64_t k, int64_t index, int32_t score) {
    if (index < k) {
        heap->scores[index] = score;
        heap->indices[index] = index;
        rise(heap, index);
    } else {
        heap->scores[0] = score;
        heap->indices[0] = index;
        sink(heap, 0, k);
    }
}

/* `scores` and `indices` have k entries a query, 1 ≤ k ≤ count. */
void faces_nearest(const int16_t *templates, int64_t count, const int16_t *queries, int64_t queries_count, int64_t k,
                   int32_t *scores, int64_t *indices) {
    int32_t block[BLOCK];
    for (int64_t at = 0; at < count; at += BLOCK) {
        const int64_t length = least(BLOCK, count - at);
        for (int64_t q = 0; q < queries_count; ++q) {
            struct heap heap = {scores + q * k, indices + q * k};
            products(templates + at * DIMENSIONS, length, queries + q * DIMENSIONS, block);
            for (int64_t r = 0; r < length; ++r) /* of equal ones the first stays: indices ascend */
                if (at + r < k || block[r] > heap.scores[0]) take(&heap, k, at + r, block[r]);
        }
    }
    for (int64_t q = 0; q < queries_count; ++q) {
        struct heap heap = {scores + q * k, indices + q * k};
        for (int64_t size = k; --size > 0;) { /* the worst goes last */
            swap(&heap, 0, size);
            sink(&heap, 0, size);
        }
    }
}

/* The first template that is none: −32768 in it, or squares that add up to 2^31 or more. −1 without one. */
FACES_LEVELS
static int64_t first_invalid(const int16_t *templates, int64_t count) {
    for (int64_t r = 0; r < count; ++r) {
        int64_t squares = 0;
        for (int j = 0; j < DIMENSIONS; ++j) {
            const int32_t value = templates[r * DIMENSIONS + j];
            squares += value == INT16_MIN ? (int64_t)1 << 31 : (int64_t)(value * value);
        }
        if (squares >= (int64_t)1 << 31) return r;
    }
    return -1;
}

int64_t faces_first_invalid(const int16_t *templates, int64_t count) { return first_invalid(templates, count); }
