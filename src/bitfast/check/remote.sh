# What `bitfast check --on` has another machine do, over ssh. Needs a POSIX shell, find, grep, setsid, stat, tar, timeout
# and xargs, as GNU or BusyBox have them. All but the first are called as DIRECTORY/remote.sh.
#   keep DIRECTORY   make a private directory, that one if possible; say what this machine is; when stdin ends, remove it
#   receive          unpack the archive on stdin there, remove what DIRECTORY/stale names, then list
#   run JOB SECONDS  run DIRECTORY/jobJOB; end it when the time is up or stdin, that is the connection, ends
#   list             every file below DIRECTORY/tree: names, each ended by a NUL, one more NUL, then a line for each
#   fetch            an archive of the files that stdin names
#   lacking          the shared libraries that programs of the tree need and this machine has not
base=${0%/*}

usable() { # a program can be started from there: it may be on a file system mounted noexec
    printf '#!/bin/sh\n' > "$1/try" && chmod 700 "$1/try" && "$1/try" && rm "$1/try"
}

claim() { # mkdir fails for what is there already, also for another user's link
    if [ "$1" != - ] && mkdir -m 700 "$1"; then
        usable "$1" && base=$1 && return
        rm -rf "$1"
    fi
    for parent in "${TMPDIR:-/tmp}" "$HOME"; do
        base=$(mktemp -d "$parent/bitfast-XXXXXXXX") || continue
        usable "$base" && return
        rm -rf "$base"
    done
    return 1
}

tagged() { # the environment files of what jobs started; BusyBox's grep sees nothing behind a line's first NUL
    tag="BITFAST_DIRECTORY=$base/"
    if printf 'a\0b' | grep -qF b; then
        grep -lsF "$tag" /proc/[0-9]*/environ
    else
        for process in /proc/[0-9]*; do
            [ -O "$process" ] && tr '\0' '\n' < "$process/environ" | grep -qF "$tag" && echo "$process/environ"
        done
    fi
}

end_processes() { # everything that a job started, whatever group or session it moved to
    for again in 1 2 3 4 5; do
        found=$(tagged)
        [ -n "$found" ] || return 0
        for file in $found; do
            process=${file#/proc/}
            kill -KILL "${process%/environ}"
        done
    done
} 2> /dev/null

keep() {
    trap '' HUP INT TERM PIPE
    echo bitfast-begin
    claim "$1" 2> /dev/null || base=
    echo "directory=$base"
    echo "system=$(uname -s)"
    echo "machine=$(uname -m)"
    for tool in find grep setsid stat tar timeout xargs; do
        command -v "$tool" > /dev/null || echo "lacks=$tool"
    done
    ldd --version 2>&1 | sed 's/^/libc=/'
    sed 's/^/cpu=/' /proc/cpuinfo
    echo bitfast-end
    cat > /dev/null
    [ -n "$base" ] || exit 1
    end_processes
    chmod -R u+rwX "$base"
    rm -rf "$base"
}

list() {
    cd "$base/tree" && find . \( -type f -o -type l \) -print0 > "$base/names" && cat "$base/names" && printf '\0' &&
        xargs -0 -r stat -c '%s %i %y %z' < "$base/names"
}

receive() {
    tar -xpof - -C "$base" && cd "$base/tree" && xargs -0 -r rm -rf < "$base/stale" && list
}

run() {
    exec 3<&0
    BITFAST_DIRECTORY=$base/ setsid /bin/sh "$base/job$1" < /dev/null 3<&- &
    job=$!
    setsid /bin/sh -c 'timeout "$1" cat > /dev/null; kill -KILL "-$2" "$2"' watch "$2" "$job" <&3 3<&- > /dev/null 2>&1 &
    watch=$!
    exec 3<&-
    wait "$job"
    status=$?
    kill -KILL "-$watch" 2> /dev/null
    end_processes
    return "$status"
}

lacking() {
    LD_LIBRARY_PATH=$(find "$base/tree" -name '*.so*' -exec dirname {} \; | sort -u | tr '\n' ':')
    export LD_LIBRARY_PATH
    find "$base/tree" -type f -perm -100 -exec ldd {} \; 2>&1 | grep 'not found' | sed "s|^[^ ]*/tree/||; s/^[[:space:]]*//" | sort -u
}

case $1 in
    fetch) cd "$base/tree" && xargs -0 tar -cf - ;;
    *) "$@" ;;
esac
