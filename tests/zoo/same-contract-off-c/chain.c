#include "chain.h"

void decay(struct chain *chain, double hours)
{
    double lost = chain->parent * 0.0862 * hours;
    chain->stable = chain->stable + chain->child * 0.0113 * hours;
    chain->child = chain->child + lost - chain->child * 0.0113 * hours;
    chain->parent = chain->parent - lost;
}
