#include "distance.h"
#include <math.h>

double distance(struct stop from, struct stop to)
{
    return hypot(to.east - from.east, to.north - from.north);
}
