/* Smooths a series exponentially and writes it as CSV; the screen shows only how many rows there are. */
#include <stdio.h>
#include <stdlib.h>

static double smoothed(double before, double value, double weight)
{
    return before + weight * (value - before);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: smooth ROWS FILE\n");
        return 2;
    }
    int rows = atoi(argv[1]);
    FILE *file = fopen(argv[2], "w");
    if (file == NULL) {
        perror(argv[2]);
        return 1;
    }
    double level = 0.0;
    fprintf(file, "row,value,level\n");
    for (int row = 0; row < rows; row++) {
        double value = (row * 7919 % 1000) / 1000.0;
        level = smoothed(level, value, 0.15);
        fprintf(file, "%d,%.3f,%.17g\n", row, value, level);
    }
    fclose(file);
    printf("%d rows\n", rows);
    return 0;
}
