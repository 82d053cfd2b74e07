#!/bin/sh
# Builds check_kernel.c for one function and level: check_kernel.sh NAME v2|v3|v4 OUTPUT [-DTWO_ARGUMENTS] [-DBITFAST_SCALAR]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
name=$1 level=$2 output=$3
shift 3
case $name in pow | atan2 | hypot) set -- -DTWO_ARGUMENTS "$@" ;; esac
flags="-O3 -std=c17 -march=x86-64-$level -ffp-contract=off -fwrapv -fno-math-errno -Wall -Wextra -DBITFAST_LEVEL=$level"
[ "$level" = v4 ] && flags="$flags -mprefer-vector-width=512"
${CC:-gcc} $flags "$@" -c "$root/native/elementary/$name.c" -o "$output.kernel.o"
${CC:-gcc} -O2 -std=gnu17 -ffp-contract=off -fwrapv -DBITFAST_LEVEL=$level "-DFUNCTION=$name" "$@" "$root/tests/native/check_kernel.c" \
    "$output.kernel.o" $([ "$level" = v2 ] && echo "$root/native/software_fma.c") -o "$output" -lmpfr -lgmp -lm
