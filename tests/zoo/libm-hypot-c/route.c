/* A nearest-neighbour tour of forty stops. The Makefile switches fusing off already; that does not help. */
#include "distance.h"
#include <stdio.h>

enum { stops = 40 };

int main(void)
{
    struct stop stop[stops];
    int visited[stops] = {1};
    for (int i = 0; i < stops; i++) {
        stop[i].east = (i * 7919 % 997) / 10.0;
        stop[i].north = (i * 104729 % 1009) / 10.0;
    }
    double length = 0.0;
    int here = 0;
    for (int step = 1; step < stops; step++) {
        int best = -1;
        double least = 1e300;
        for (int i = 0; i < stops; i++) {
            double d = distance(stop[here], stop[i]);
            if (!visited[i] && d < least) {
                least = d;
                best = i;
            }
        }
        visited[best] = 1;
        here = best;
        length += least;
        printf("%2d to %2d: %.17g\n", step, here, least);
    }
    printf("length %.17g\n", length);
    return 0;
}
