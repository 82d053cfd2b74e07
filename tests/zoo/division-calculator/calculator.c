/* Evaluates lines "A OP B"; a division by zero is caught as a signal. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf again;

static void on_fpe(int number)
{
    (void)number;
    siglongjmp(again, 1);
}

static int evaluate(int a, char operator, int b)
{
    switch (operator) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    default:
        return a / b;
    }
}

int main(void)
{
    static const char *const lines[] = {"12 / 4", "7 - 9", "5 / 0", "6 * 7", "0 / 0", "-9 / 2"};
    signal(SIGFPE, on_fpe);
    for (volatile int i = 0; i < 6; i++) {
        int a, b;
        char operator;
        if (sscanf(lines[i], "%d %c %d", &a, &operator, &b) != 3)
            continue;
        if (sigsetjmp(again, 1))
            printf("%s = error\n", lines[i]);
        else
            printf("%s = %d\n", lines[i], evaluate(a, operator, b));
    }
    return 0;
}
