/* Lets programs of the target run wherever a build or a run command starts one, without binfmt_misc and without root:
   preloaded into every process, it looks at the file that is to be executed, and where that is an ELF file of the
   target's machine it executes QEMU with it instead. uname(2) answers with the target's machine, so that configure
   scripts and CMake decide as they would there.

   The same source is built for this machine and for the target; LD_PRELOAD names both through the loader's $LIB
   (ld.so(8), "dynamic string tokens"), so that a program under QEMU can start others too.

   BITFAST_EXECUTED, where it is set, names a file to which the path of every program of the target is appended;
   BITFAST_STRANGERS one for the programs of other machines below the folder BITFAST_TREE: left there by another build.
   BITFAST_RUNNER: the runner's command, one word a line. BITFAST_MACHINE: e_machine of the target (decimal).
   BITFAST_UNAME: what uname says. All are read when the program begins: it may empty its environment (env -i). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char **environ;

enum { RUNNER_WORDS = 32 };

static char *machine, *runner, *uname_machine, *executed_log, *strangers_log, *tree;

__attribute__((constructor)) static void read_settings(void) {
    struct {
        const char *name;
        char **value;
    } settings[] = {{"BITFAST_MACHINE", &machine},       {"BITFAST_RUNNER", &runner},
                    {"BITFAST_UNAME", &uname_machine},   {"BITFAST_EXECUTED", &executed_log},
                    {"BITFAST_STRANGERS", &strangers_log}, {"BITFAST_TREE", &tree}};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const char *value = getenv(settings[i].name);
        *settings[i].value = value ? strdup(value) : NULL;
    }
}

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

/* An ELF file's e_machine, in the byte order of the file itself; -1 for other files. */
static int elf_machine(const char *path) {
    unsigned char head[20];
    int saved = errno, file = open(path, O_RDONLY | O_CLOEXEC), number = -1;
    if (file >= 0) {
        if (read(file, head, sizeof head) == (ssize_t)sizeof head && memcmp(head, ELFMAG, SELFMAG) == 0)
            number = head[EI_DATA] == ELFDATA2MSB ? head[18] * 256 + head[19] : head[19] * 256 + head[18];
        close(file);
    }
    errno = saved;
    return number;
}

static bool is_foreign_elf(const char *path) { return machine && elf_machine(path) == atoi(machine); }

/* The interpreter that a script names in its first line, and the rest of that line (NULL: none), as execve(2) reads it. */
static bool read_interpreter(const char *path, char line[256], char **interpreter, char **rest) {
    int saved = errno, file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, line, 255) : -1;
    if (file >= 0)
        close(file);
    errno = saved;
    if (length < 3 || line[0] != '#' || line[1] != '!')
        return false;
    line[length] = 0;
    line[strcspn(line, "\n")] = 0;
    *interpreter = line + 2 + strspn(line + 2, " \t");
    *rest = *interpreter + strcspn(*interpreter, " \t");
    if (**rest)
        *(*rest)++ = 0;
    *rest += strspn(*rest, " \t");
    for (char *end = *rest + strlen(*rest); end > *rest && strchr(" \t", end[-1]);)
        *--end = 0;
    if (!**rest)
        *rest = NULL;
    return true;
}

static bool is_foreign(const char *path) {
    char line[256], *interpreter, *rest;
    return is_foreign_elf(path) || (machine && read_interpreter(path, line, &interpreter, &rest) && is_foreign_elf(interpreter));
}

struct command {
    char *words[RUNNER_WORDS];
    char text[4096], line[256];
    char **arguments;
};

static void note(const char *log, const char *path) {
    int saved = errno, file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file >= 0) {
        dprintf(file, "%s\n", path);
        close(file);
    }
    errno = saved;
}

static void note_execution(const char *path) {
    char full[PATH_MAX];
    if (executed_log && realpath(path, full))
        note(executed_log, full);
}

/* A program that runs as it is, without the runner, although it lies where only the target's programs should. */
static void note_stranger(const char *path) {
    char full[PATH_MAX], line[256], *interpreter, *rest;
    if (!strangers_log || !tree || !machine)
        return;
    if (elf_machine(path) < 0 && read_interpreter(path, line, &interpreter, &rest))
        path = interpreter;
    size_t length = strlen(tree);
    if (elf_machine(path) >= 0 && realpath(path, full) && strncmp(full, tree, length) == 0 && full[length] == '/')
        note(strangers_log, full);
}

/* Puts the runner in front; false when the file is none of the target's. The caller frees arguments. */
static bool behind_runner(struct command *command, const char *path, char *const argv[]) {
    char *interpreter = NULL, *rest = NULL;
    if (!runner || strlen(runner) >= sizeof command->text || !is_foreign(path))
        return false;
    if (!is_foreign_elf(path) && !read_interpreter(path, command->line, &interpreter, &rest))
        return false;
    note_execution(interpreter ? interpreter : path);
    strcpy(command->text, runner);
    size_t words = 0, arguments = 0;
    for (char *left = command->text, *word; (word = strsep(&left, "\n")) && words < RUNNER_WORDS;)
        if (*word)
            command->words[words++] = word;
    while (argv[arguments])
        arguments++;
    command->arguments = calloc(words + arguments + 6, sizeof(char *));
    if (!command->arguments || !words)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < words; i++)
        command->arguments[count++] = command->words[i];
    command->arguments[count++] = (char *)"-0";
    command->arguments[count++] = interpreter ? interpreter : arguments ? argv[0] : (char *)path;
    command->arguments[count++] = interpreter ? interpreter : (char *)path;
    if (rest)
        command->arguments[count++] = rest;
    if (interpreter)
        command->arguments[count++] = (char *)path;
    for (size_t i = 1; i < arguments; i++)
        command->arguments[count++] = argv[i];
    return true;
}

static bool found_in_path(char result[PATH_MAX], const char *file) {
    if (strchr(file, '/'))
        return snprintf(result, PATH_MAX, "%s", file) < PATH_MAX;
    const char *path = getenv("PATH");
    for (const char *start = path ? path : "/bin:/usr/bin"; *start;) {
        const char *end = strchrnul(start, ':');
        if (snprintf(result, PATH_MAX, "%.*s%s%s", (int)(end - start), start, end > start ? "/" : "", file) < PATH_MAX &&
            access(result, X_OK) == 0)
            return true;
        start = *end ? end + 1 : end;
    }
    return false;
}

int execve(const char *path, char *const argv[], char *const envp[]) {
    int (*real)(const char *, char *const[], char *const[]) = next("execve");
    struct command command;
    if (!behind_runner(&command, path, argv)) {
        note_stranger(path);
        return real(path, argv, envp);
    }
    real(command.arguments[0], command.arguments, envp);
    free(command.arguments);
    return -1;
}

int fexecve(int file, char *const argv[], char *const envp[]) {
    int (*real)(int, char *const[], char *const[]) = next("fexecve");
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return real(file, argv, envp);
    path[length] = 0;
    if (is_foreign(path))
        return execve(path, argv, envp);
    note_stranger(path);
    return real(file, argv, envp);
}

int execv(const char *path, char *const argv[]) { return execve(path, argv, environ); }

int execvpe(const char *file, char *const argv[], char *const envp[]) {
    char path[PATH_MAX];
    if (found_in_path(path, file)) {
        if (is_foreign(path))
            return execve(path, argv, envp);
        note_stranger(path);
    }
    int (*real)(const char *, char *const[], char *const[]) = next("execvpe");
    return real(file, argv, envp);
}

int execvp(const char *file, char *const argv[]) { return execvpe(file, argv, environ); }

/* execl and its kin: gather the arguments, then as above. */
static char **gathered(const char *first, va_list list, va_list again, char ***environment) {
    size_t count = 1;
    while (va_arg(list, char *))
        count++;
    char **argv = calloc(count + 1, sizeof *argv);
    if (argv) {
        argv[0] = (char *)first;
        for (size_t i = 1; i < count; i++)
            argv[i] = va_arg(again, char *);
        (void)va_arg(again, char *);
        if (environment)
            *environment = va_arg(again, char **);
    }
    return argv;
}

#define GATHER(first, environment)                                                                                     \
    va_list list, again;                                                                                               \
    va_start(list, first);                                                                                             \
    va_copy(again, list);                                                                                              \
    char **argv = gathered(first, list, again, environment);                                                          \
    va_end(list);                                                                                                      \
    va_end(again);                                                                                                     \
    if (!argv)                                                                                                         \
        return -1;

static int freed(char **argv, int status) {
    free(argv);
    return status;
}

int execl(const char *path, const char *first, ...) {
    GATHER(first, NULL)
    return freed(argv, execve(path, argv, environ));
}

int execlp(const char *file, const char *first, ...) {
    GATHER(first, NULL)
    return freed(argv, execvpe(file, argv, environ));
}

int execle(const char *path, const char *first, ...) {
    char **environment = NULL;
    GATHER(first, &environment)
    return freed(argv, execve(path, argv, environment));
}

typedef int spawn_function(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
                           char *const[], char *const[]);

int posix_spawn(pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
    spawn_function *real = (spawn_function *)next("posix_spawn");
    struct command command;
    if (!behind_runner(&command, path, argv)) {
        note_stranger(path);
        return real(child, path, actions, attributes, argv, envp);
    }
    int status = real(child, command.arguments[0], actions, attributes, command.arguments, envp);
    free(command.arguments);
    return status;
}

int posix_spawnp(pid_t *child, const char *file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
    char path[PATH_MAX];
    if (found_in_path(path, file)) {
        if (is_foreign(path))
            return posix_spawn(child, path, actions, attributes, argv, envp);
        note_stranger(path);
    }
    spawn_function *real = (spawn_function *)next("posix_spawnp");
    return real(child, file, actions, attributes, argv, envp);
}

int uname(struct utsname *name) {
    int (*real)(struct utsname *) = next("uname");
    int status = real(name);
    if (status == 0 && uname_machine)
        snprintf(name->machine, sizeof name->machine, "%s", uname_machine);
    return status;
}
