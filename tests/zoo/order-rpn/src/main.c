#include <stdio.h>

#include "evaluate.h"

int main(void)
{
    static const char *const expressions[] = {"3 4 +", "10 4 -", "100 7 /", "2 3 4 * - 5 +", "9 3 / 2 -"};
    for (int i = 0; i < 5; i++)
        printf("%s = %ld\n", expressions[i], evaluate(expressions[i]));
    return 0;
}
