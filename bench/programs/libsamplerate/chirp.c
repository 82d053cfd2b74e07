/* Resamples a chirp made of integers by every converter of libsamplerate and prints the samples. */
#include <samplerate.h>
#include <stdio.h>

enum { COUNT = 600, ROOM = 2000 };

int main(void)
{
    static float input[COUNT], output[ROOM];
    long phase = 0;
    for (long i = 0; i < COUNT; ++i) { /* a triangle whose frequency grows: exact in single precision */
        phase = (phase + 200 + 4 * i) % 65536;
        input[i] = (float)(phase < 32768 ? phase - 16384 : 49152 - phase) / 32768.0f;
    }
    const double ratios[] = {0.45, 1.0884353741496599, 2.75};
    for (int converter = SRC_SINC_BEST_QUALITY; converter <= SRC_LINEAR; ++converter)
        for (int i = 0; i < 3; ++i) {
            SRC_DATA data = {
                .data_in = input, .data_out = output, .input_frames = COUNT, .output_frames = ROOM, .src_ratio = ratios[i]};
            const int failed = src_simple(&data, converter, 1);
            printf("%s, ratio %g: %d, %ld frames\n", src_get_name(converter), ratios[i], failed, data.output_frames_gen);
            for (long frame = 0; frame < data.output_frames_gen; frame += 3)
                printf("%.9g\n", output[frame]);
        }
}
