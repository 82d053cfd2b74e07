/* Longest prefix match in a small routing table. */
#include <stdint.h>
#include <stdio.h>

struct route {
    const char *net;
    const char *gateway;
};

static uint32_t parse(const char *text, unsigned *bits)
{
    unsigned a, b, c, d;
    if (sscanf(text, "%u.%u.%u.%u/%u", &a, &b, &c, &d, bits) < 4)
        return 0;
    return a << 24 | b << 16 | c << 8 | d;
}

static uint32_t mask(unsigned bits)
{
    return ~(uint32_t)0 << (32 - bits);
}

static const char *lookup(const struct route *table, int count, uint32_t address)
{
    const char *best = "unreachable";
    int longest = -1;
    for (int i = 0; i < count; i++) {
        unsigned bits = 32;
        uint32_t net = parse(table[i].net, &bits);
        if ((address & mask(bits)) == net && (int)bits > longest) {
            longest = (int)bits;
            best = table[i].gateway;
        }
    }
    return best;
}

int main(void)
{
    static const struct route table[] = {
        {"0.0.0.0/0", "192.168.1.1"}, {"10.0.0.0/8", "10.1.1.1"}, {"10.20.0.0/16", "10.1.1.2"}, {"127.0.0.1/32", "lo"}};
    static const char *const addresses[] = {"8.8.8.8", "10.20.30.40", "10.9.9.9", "127.0.0.1", "127.0.0.2"};
    for (int i = 0; i < 5; i++) {
        unsigned unused;
        printf("%s via %s\n", addresses[i], lookup(table, 4, parse(addresses[i], &unused)));
    }
    return 0;
}
