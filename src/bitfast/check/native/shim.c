/* The compiler shim: stands in the PATH under the names of the build tools (gcc, c++, ar, aarch64-linux-gnu-ld, …),
   writes down how it was called and becomes the real tool.

   BITFAST_SHIM_CONFIG names a file of lines, fields separated by tabs:
     log        DIRECTORY            where the records go
     tool       NAME      PATH       what NAME stands for
     swap       OPTION    NEW        this option becomes NEW (nothing: it is dropped)
     swapprefix PREFIX    NEW        every option that begins so becomes NEW
     last       OPTION               put behind all of the build's own options of a compiler
     lastlink   OPTION               likewise, where the call links
     prefix     PATH                 run the compiler through this program (ccache)
   A record is one file of NUL-ended fields: NAME, real PATH, working directory, number of arguments as the build gave
   them, those arguments, and the arguments that were really used. It is written under a temporary name and renamed, so
   a reader never sees half a record. Response files (@file) are read here, as GCC reads them (libiberty, expandargv):
   a build may remove them at once. What they hold is recorded like other arguments, and the tool gets one of our own. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct rule {
    const char *match, *replacement;
    bool prefix;
};

static struct rule rules[256];
static const char *last_options[64], *last_link_options[64];
static size_t rule_count, last_count, last_link_count;

static void fail(const char *what, const char *name) {
    fprintf(stderr, "bitfast shim: %s%s%s\n", what, name ? ": " : "", name ? name : "");
    exit(127);
}

struct words {
    char **list;
    size_t count, room;
};

static void add(struct words *words, char *word) {
    if (words->count + 1 >= words->room) {
        words->room = 2 * words->room + 64;
        words->list = realloc(words->list, words->room * sizeof *words->list);
        if (!words->list)
            fail("no memory for the arguments", NULL);
    }
    words->list[words->count++] = word;
    words->list[words->count] = NULL;
}

/* Adds an argument, or what the response file that it names holds; true where it was one. */
static bool expand(struct words *words, char *argument, int depth) {
    FILE *file = argument[0] == '@' && depth < 16 ? fopen(argument + 1, "rb") : NULL;
    char *word = NULL;
    size_t length = 0;
    if (!file) {
        add(words, argument);
        return false;
    }
    FILE *gathered = NULL;
    for (int quote = 0, c = getc(file);; c = getc(file)) {
        bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
        if (c == EOF || (space && !quote)) {
            if (gathered) {
                fclose(gathered);
                gathered = NULL;
                expand(words, word, depth + 1);
            }
            if (c == EOF)
                break;
            continue;
        }
        if (!gathered && !(gathered = open_memstream(&word, &length)))
            fail("no memory for a response file", argument);
        if (c == '\\') {
            if ((c = getc(file)) != EOF)
                putc(c, gathered);
        } else if (quote ? c == quote : c == '\'' || c == '"') {
            quote = quote ? 0 : c;
        } else {
            putc(c, gathered);
        }
    }
    fclose(file);
    return true;
}

/* The arguments as a response file beside the records; returns @FILE. */
static char *response_file(const char *log, char **arguments) {
    char path[PATH_MAX], *argument = NULL;
    snprintf(path, sizeof path, "%s/.arguments-%ld", log, (long)getpid());
    FILE *file = fopen(path, "wb");
    if (!file)
        fail("cannot write to the log", path);
    for (; *arguments; arguments++) {
        putc('"', file);
        for (const char *c = *arguments; *c; c++) {
            if (*c == '\\' || *c == '"')
                putc('\\', file);
            putc(*c, file);
        }
        fputs("\"\n", file);
    }
    if (fclose(file) != 0 || asprintf(&argument, "@%s", path) < 0)
        fail("cannot write to the log", path);
    return argument;
}

static const char *translated(const char *argument) {
    for (size_t i = 0; i < rule_count; i++) {
        const struct rule *rule = &rules[i];
        bool hit = rule->prefix ? strncmp(argument, rule->match, strlen(rule->match)) == 0
                                : strcmp(argument, rule->match) == 0;
        if (hit)
            return rule->replacement;
    }
    return argument;
}

static bool is_compiler(const char *name) {
    static const char *const endings[] = {"cc", "gcc", "c++", "g++", "clang", "clang++", "gfortran", "f77", "f95", "c99", "c89", "cpp"};
    size_t length = strlen(name), end = length;
    while (end > 0 && strchr("0123456789.", name[end - 1]))
        end--;
    if (end > 0 && end < length && name[end - 1] == '-') /* gcc-12, aarch64-linux-gnu-gcc-12 */
        length = end - 1;
    size_t begin = length;
    while (begin > 0 && name[begin - 1] != '-')
        begin--;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (strlen(endings[i]) == length - begin && memcmp(name + begin, endings[i], length - begin) == 0)
            return true;
    return false;
}

/* Whether a compiler called so links: it is given a file, and no option that ends it before or only asks. */
static bool links(const struct words *given) {
    static const char *const others[] = {"-c", "-S", "-E", "-M", "-MM", "-r", "-Wl,-r", "-fsyntax-only", "-v", "-###", "--help"};
    bool file = false;
    for (size_t i = 0; i < given->count; i++) {
        const char *argument = given->list[i];
        for (size_t j = 0; j < sizeof others / sizeof *others; j++)
            if (strcmp(argument, others[j]) == 0)
                return false;
        if (strncmp(argument, "-dump", 5) == 0 || strncmp(argument, "-print-", 7) == 0 || strstr(argument, "--version"))
            return false;
        file |= argument[0] != '-';
    }
    return file;
}

static void write_record(const char *log, const char *name, const char *tool, const struct words *given,
                         const struct words *used) {
    char directory[PATH_MAX], temporary[PATH_MAX], final[PATH_MAX];
    struct timespec now;
    if (!getcwd(directory, sizeof directory))
        fail("cannot tell the working directory", strerror(errno));
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(temporary, sizeof temporary, "%s/.%ld", log, (long)getpid());
    snprintf(final, sizeof final, "%s/%020lld%09ld-%ld", log, (long long)now.tv_sec, now.tv_nsec, (long)getpid());
    FILE *record = fopen(temporary, "wb");
    if (!record)
        fail("cannot write to the log", temporary);
    fprintf(record, "%s%c%s%c%s%c%zu%c", name, 0, tool, 0, directory, 0, given->count, 0);
    for (size_t i = 0; i < given->count; i++)
        fprintf(record, "%s%c", given->list[i], 0);
    for (size_t i = 0; i < used->count; i++)
        fprintf(record, "%s%c", used->list[i], 0);
    if (fclose(record) != 0 || rename(temporary, final) != 0)
        fail("cannot write to the log", strerror(errno));
}

int main(int argc, char **argv) {
    const char *slash = strrchr(argv[0], '/');
    const char *name = slash ? slash + 1 : argv[0];
    const char *config_path = getenv("BITFAST_SHIM_CONFIG");
    const char *log = NULL, *prefix = NULL;
    char *tool = NULL;
    if (!config_path)
        fail("BITFAST_SHIM_CONFIG is not set; this program only works inside a check", NULL);
    FILE *config = fopen(config_path, "rb");
    if (!config)
        fail("cannot read", config_path);
    char *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, config)) > 0;) {
        if (line[length - 1] == '\n')
            line[length - 1] = 0;
        char *rest = strdup(line);
        char *keyword = strsep(&rest, "\t"), *first = strsep(&rest, "\t"), *second = rest;
        if (!first)
            continue;
        if (strcmp(keyword, "log") == 0)
            log = first;
        else if (strcmp(keyword, "tool") == 0 && second && strcmp(first, name) == 0)
            tool = second;
        else if (strncmp(keyword, "swap", 4) == 0 && rule_count < sizeof rules / sizeof *rules)
            rules[rule_count++] = (struct rule){first, second && *second ? second : NULL, strcmp(keyword, "swapprefix") == 0};
        else if (strcmp(keyword, "last") == 0 && last_count < sizeof last_options / sizeof *last_options)
            last_options[last_count++] = first;
        else if (strcmp(keyword, "lastlink") == 0 && last_link_count < sizeof last_link_options / sizeof *last_link_options)
            last_link_options[last_link_count++] = first;
        else if (strcmp(keyword, "prefix") == 0)
            prefix = first;
    }
    fclose(config);
    if (!tool || !*tool) {
        fprintf(stderr, "bitfast shim: the build calls %s, which is not installed for this target; `bitfast targets` says what to install\n", name);
        return 127;
    }
    bool compiler = is_compiler(name), from_file = false;
    struct words given = {0}, used = {0}, command = {0};
    for (int i = 1; i < argc; i++)
        from_file |= expand(&given, argv[i], 0);
    for (size_t i = 0; i < given.count; i++) {
        const char *argument = compiler ? translated(given.list[i]) : given.list[i];
        if (argument)
            add(&used, (char *)argument);
    }
    if (compiler && given.count) /* a bare `gcc` prints its usage: leave it alone */
        for (size_t i = 0; i < last_count; i++)
            add(&used, (char *)last_options[i]);
    if (compiler && links(&given))
        for (size_t i = 0; i < last_link_count; i++)
            add(&used, (char *)last_link_options[i]);
    if (log)
        write_record(log, name, tool, &given, &used);
    if (compiler && prefix)
        add(&command, (char *)prefix);
    add(&command, tool);
    if (from_file && log && used.count)
        add(&command, response_file(log, used.list));
    else
        for (size_t i = 0; i < used.count; i++)
            add(&command, used.list[i]);
    if (compiler && prefix) /* set for the build, whose own ccache would take this shim for one compiler of all chips */
        unsetenv("CCACHE_DISABLE");
    execv(command.list[0], command.list);
    fail(command.list[0], strerror(errno));
}
