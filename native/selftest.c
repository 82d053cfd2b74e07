/* Prints the digests of this chip, for comparing with the contract (src/bitfast/contract.json) where there is no Python:
       selftest [--full] [--level LEVEL] [FUNCTION…]
   Each line is: function, dtype, core or full, digest. Exit status 2 when the call is wrong, 3 when memory is short. */
#include <stdio.h>
#include <string.h>

#include "digest/digest.h"
#include "include/bitfast.h"

static int print_digest(const char *function, int format, int full) {
    struct digest digest;
    if (bitfast_digest(function, format, full, &digest)) return 3;
    printf("%s float%d core %s\n", function, format, digest.core);
    if (full) printf("%s float%d full %s\n", function, format, digest.full);
    fflush(stdout);
    return 0;
}

static int known(const char *function) {
    for (const char *const *name = bitfast_digest_functions(); *name; ++name)
        if (!strcmp(*name, function)) return 1;
    return 0;
}

int main(int count, char **arguments) {
    int full = 0, next = 1;
    for (; next < count && arguments[next][0] == '-'; ++next) {
        if (!strcmp(arguments[next], "--full")) {
            full = 1;
        } else if (!strcmp(arguments[next], "--level") && next + 1 < count) {
            if (bitfast_use_level(arguments[++next])) {
                fprintf(stderr, "selftest: this CPU has no level %s\n", arguments[next]);
                return 2;
            }
        } else {
            fprintf(stderr, "usage: selftest [--full] [--level LEVEL] [FUNCTION...]\n");
            return 2;
        }
    }
    for (int i = next; i < count; ++i)
        if (!known(arguments[i])) {
            fprintf(stderr, "selftest: no such function: %s\n", arguments[i]);
            return 2;
        }
    printf("level %s\n", bitfast_level());
    int status = 0;
    for (const char *const *name = bitfast_digest_functions(); *name && !status; ++name) {
        int wanted = next == count;
        for (int i = next; i < count; ++i) wanted |= !strcmp(arguments[i], *name);
        for (int format = 64; wanted && format >= 32 && !status; format -= 32) status = print_digest(*name, format, full);
    }
    return status;
}
