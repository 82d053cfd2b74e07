/* Ratios of two columns; feenableexcept() makes a zero in the second one raise SIGFPE. */
#define _GNU_SOURCE
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf next_row;

static void on_fpe(int number)
{
    (void)number;
    siglongjmp(next_row, 1);
}

int main(void)
{
    static const char *const rows[] = {"1 4", "3 0", "10 8", "-2 0", "7 2"};
    signal(SIGFPE, on_fpe);
    feenableexcept(FE_DIVBYZERO);
    for (volatile int i = 0; i < 5; i++) {
        double a, b;
        if (sscanf(rows[i], "%lf %lf", &a, &b) != 2)
            continue;
        if (sigsetjmp(next_row, 1)) {
            printf("row %d: division by zero\n", i + 1);
            continue;
        }
        volatile double ratio = a / b;
        printf("row %d: %g\n", i + 1, ratio);
    }
    return 0;
}
