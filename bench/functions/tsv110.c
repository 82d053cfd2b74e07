/* Calls one function of a shared library on ordinary arguments, so that tsv110.py can trace the instructions.

       tsv110 LIBRARY SYMBOL KIND ARGUMENTS N
   reads N values of x and then N of y (native floats or doubles) from the file ARGUMENTS, says on standard output where
   the library and the loops below are in memory, and writes the N results after that line.

   The loops stand in a section of their own: load, call and store belong to what a call costs, the rest does not. */
#define _GNU_SOURCE
#include <arm_neon.h>
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOP(name) __attribute__((section("calls"), noinline)) static void name

typedef void function(void);

LOOP(scalar_f64)(function *f, int two, const double *x, const double *y, double *r, size_t n) {
    if (two) for (size_t i = 0; i < n; ++i) r[i] = ((double (*)(double, double))f)(x[i], y[i]);
    else for (size_t i = 0; i < n; ++i) r[i] = ((double (*)(double))f)(x[i]);
}

LOOP(scalar_f32)(function *f, int two, const float *x, const float *y, float *r, size_t n) {
    if (two) for (size_t i = 0; i < n; ++i) r[i] = ((float (*)(float, float))f)(x[i], y[i]);
    else for (size_t i = 0; i < n; ++i) r[i] = ((float (*)(float))f)(x[i]);
}

LOOP(vector_f64)(function *f, int two, const double *x, const double *y, double *r, size_t n) {
    typedef float64x2_t v;
    if (two) for (size_t i = 0; i < n; i += 2) vst1q_f64(r + i, ((v (*)(v, v))f)(vld1q_f64(x + i), vld1q_f64(y + i)));
    else for (size_t i = 0; i < n; i += 2) vst1q_f64(r + i, ((v (*)(v))f)(vld1q_f64(x + i)));
}

LOOP(vector_f32)(function *f, int two, const float *x, const float *y, float *r, size_t n) {
    typedef float32x4_t v;
    if (two) for (size_t i = 0; i < n; i += 4) vst1q_f32(r + i, ((v (*)(v, v))f)(vld1q_f32(x + i), vld1q_f32(y + i)));
    else for (size_t i = 0; i < n; i += 4) vst1q_f32(r + i, ((v (*)(v))f)(vld1q_f32(x + i)));
}

LOOP(array_f64)(function *f, int two, const double *x, const double *y, double *r, size_t n) {
    if (two) ((unsigned (*)(const double *, const double *, double *, size_t))f)(x, y, r, n);
    else ((unsigned (*)(const double *, double *, size_t))f)(x, r, n);
}

LOOP(array_f32)(function *f, int two, const float *x, const float *y, float *r, size_t n) {
    if (two) ((unsigned (*)(const float *, const float *, float *, size_t))f)(x, y, r, n);
    else ((unsigned (*)(const float *, float *, size_t))f)(x, r, n);
}

static int failed(const char *what) {
    const char *said = dlerror();
    fprintf(stderr, "%s: %s\n", what, said ? said : "not possible");
    return 1;
}

int main(int count, char **arguments) {
    if (count != 6) return failed("five arguments are needed");
    const char *kind = arguments[3];
    int single = strstr(kind, "float32") != NULL, two = strstr(kind, "two") != NULL;
    size_t n = strtoul(arguments[5], NULL, 10), size = single ? sizeof(float) : sizeof(double);
    void *library = dlopen(arguments[1], RTLD_LAZY);
    if (!library) return failed(arguments[1]);
    void *address = dlsym(library, arguments[2]);
    Dl_info found;
    if (!address || !dladdr(address, &found)) return failed(arguments[2]);
    char *x = malloc(n * size), *y = malloc(n * size), *result = malloc(n * size);
    FILE *file = fopen(arguments[4], "rb");
    if (!file || fread(x, size, n, file) != n || fread(y, size, n, file) != n) return failed(arguments[4]);
    extern const char __start_calls[], __stop_calls[];
    printf("%p %p %p\n", found.dli_fbase, (void *)__start_calls, (void *)__stop_calls);
    fflush(stdout);
    function *f = (function *)address;
#define CALL(form) \
    if (strstr(kind, #form)) { \
        if (single) form##_f32(f, two, (float *)x, (float *)y, (float *)result, n); \
        else form##_f64(f, two, (double *)x, (double *)y, (double *)result, n); \
    }
    CALL(scalar)
    CALL(vector)
    CALL(array)
    fwrite(result, size, n, stdout);
    return 0;
}
