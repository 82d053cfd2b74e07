/* The tail of a reverb: a decaying level, with subnormals flushed for speed where the compiler knows how. */
#include <stdio.h>
#include <stdlib.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

static void fast_floats(void)
{
#ifdef __SSE__
    _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
}

static int samples_until_silence(float level, float decay)
{
    int samples = 0;
    while (level > 0 && samples < 100000) {
        level *= decay;
        samples++;
    }
    return samples;
}

int main(int argc, char **argv)
{
    float level = argc > 1 ? strtof(argv[1], NULL) : 0.75f;
    fast_floats();
    for (int i = 1; i <= 5; i++) {
        float decay = 1 - (float)i / 8;
        printf("decay %.3f: silent after %d samples\n", decay, samples_until_silence(level, decay));
    }
    return 0;
}
