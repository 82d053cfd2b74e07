#include "key.h"

enum { COUNT = 12 };

int main(void)
{
    struct key keys[COUNT], pivot;
    int ranks[COUNT];
    key_fill(&pivot, 42);
    for (int i = 0; i < COUNT; i++) {
        key_fill(&keys[i], (unsigned)i * 97u);
        ranks[i] = key_rank(&keys[i], &pivot);
    }
    report(ranks, COUNT);
    return 0;
}
