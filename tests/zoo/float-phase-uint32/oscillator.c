/* A table oscillator with a phase accumulator of 32 bits; detuning below zero runs it backwards. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { RATE = 48000 };

static uint32_t increment(double hertz)
{
    return (uint32_t)(hertz * 4294967296.0 / RATE);
}

static int sine_quadrant(uint32_t phase)
{
    return (int)(phase >> 30);
}

int main(int argc, char **argv)
{
    static const double notes[] = {440.0, -440.0, 261.625, -30.0};
    double detune = argc > 1 ? atof(argv[1]) : 0;
    for (int note = 0; note < 4; note++) {
        uint32_t step = increment(notes[note] + detune), phase = 0;
        int counts[4] = {0};
        for (int i = 0; i < 1000; i++, phase += step)
            counts[sine_quadrant(phase)]++;
        printf("%8.3f Hz: step %10" PRIu32 " quadrants %d %d %d %d\n", notes[note], step, counts[0], counts[1], counts[2],
               counts[3]);
    }
    return 0;
}
