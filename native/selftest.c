/* The digests of this chip, and whether they are the contract's (src/bitfast/contract.json), where there is no Python:
       bitfast_selftest [--full] [--level LEVEL] [--contract contract.json] [FUNCTION…]
   Each line is: function, dtype, core or full, digest. Exit status 1 when one is not the contract's, 2 when the call is
   wrong, 3 when memory is short. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest/digest.h"
#include "include/bitfast.h"

static char *contract; /* the text of contract.json, or NULL */
static int compared, differing;

static char *contents(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    const size_t most = 1 << 20; /* fifty times what it has */
    char *text = calloc(most + 1, 1);
    size_t length = text ? fread(text, 1, most, file) : 0;
    fclose(file);
    if (length && strstr(text, "\"digests\"")) return text;
    free(text);
    return NULL;
}

/* The digest at digests.FUNCTION.floatN.PART, or "": the file is our own, so that each name's first place after the one
   before it is the right one, and no function is named like another key. */
static const char *promised(const char *function, int format, const char *part) {
    char keys[3][80], *at = strstr(contract, "\"digests\"");
    snprintf(keys[0], sizeof keys[0], "\"%s\": {", function);
    snprintf(keys[1], sizeof keys[1], "\"float%d\": {", format);
    snprintf(keys[2], sizeof keys[2], "\"%s\": \"", part);
    for (int i = 0; i < 3 && at; ++i) at = (at = strstr(at, keys[i])) ? at + strlen(keys[i]) : NULL;
    return at ? at : "";
}

static void say(const char *function, int format, const char *part, const char *digest) {
    int differs = contract && strncmp(promised(function, format, part), digest, strlen(digest)) != 0;
    printf("%s float%d %s %s%s\n", function, format, part, digest, differs ? " is not the contract's" : "");
    fflush(stdout);
    ++compared;
    differing += differs;
}

static int print_digest(const char *function, int format, int full) {
    struct digest digest;
    if (bitfast_digest(function, format, full, &digest)) return 3;
    if (!*digest.core) return 0;
    say(function, format, "core", digest.core);
    if (full) say(function, format, "full", digest.full);
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
        } else if (!strcmp(arguments[next], "--contract") && next + 1 < count) {
            if (!(contract = contents(arguments[++next]))) {
                fprintf(stderr, "selftest: %s cannot be read, or is no contract\n", arguments[next]);
                return 2;
            }
        } else {
            fprintf(stderr, "usage: bitfast_selftest [--full] [--level LEVEL] [--contract FILE] [FUNCTION...]\n");
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
        for (int format = 64; wanted && format >= 32 && !status; format -= 32)
            status = print_digest(*name, format, full);
    }
    if (status || !contract) return status;
    if (differing)
        printf("%d of %d are not the contract's\n", differing, compared);
    else
        printf("all %d are the contract's\n", compared);
    return differing != 0;
}
