/* A chain of two radioactive decays. The build switches fusing off itself. */
#include "chain.h"
#include <stdio.h>

int main(void)
{
    struct chain chain = {1e6, 0.0, 0.0};
    for (int hour = 0; hour <= 48; hour++) {
        if (hour % 4 == 0)
            printf("%2d %.17g %.17g %.17g\n", hour, chain.parent, chain.child, chain.stable);
        for (int i = 0; i < 10; i++)
            decay(&chain, 0.1);
    }
    return 0;
}
