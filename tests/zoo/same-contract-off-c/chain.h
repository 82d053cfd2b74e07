#ifndef CHAIN_H
#define CHAIN_H
struct chain {
    double parent, child, stable;
};
void decay(struct chain *chain, double hours);
#endif
