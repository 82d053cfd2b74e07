#ifndef KEY_H
#define KEY_H

enum { KEY_BYTES = 12 };

struct key {
    unsigned char bytes[KEY_BYTES];
};

void key_fill(struct key *key, unsigned seed);
int key_rank(const struct key *key, const struct key *pivot);
void report(const int *ranks, int count);

#endif
