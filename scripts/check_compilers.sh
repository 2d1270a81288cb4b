#!/usr/bin/env bash
# The same bytes from gcc and clang, -O0 and -O3: builds the command four times and compares a small dataset
# of every profile, every file but run.json.
set -euo pipefail
[ "${1:-}" = "--help" ] && { sed -n '2,3p' "$0" | cut -c3-; exit 0; }
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for compiler in gcc clang; do
    for level in -O0 -O3; do
        name=$compiler$level
        cmake -S . -B "build/matrix/$name" -DCMAKE_BUILD_TYPE=None -DCMAKE_C_COMPILER=$compiler \
            -DCMAKE_C_FLAGS="$level" -DSB_BUILD_TESTS=OFF -DSB_BUILD_BENCH=OFF >/dev/null
        cmake --build "build/matrix/$name" --parallel "$(nproc)" >/dev/null
        for profile in demo aml finbench; do
            "build/matrix/$name/seedbank" generate --profile $profile --entities 60k --entries --seed 7 \
                --out "$work/$name-$profile" -q
            rm "$work/$name-$profile/run.json"
            if ! diff -r "$work/gcc-O0-$profile" "$work/$name-$profile"; then
                echo "$name gives other bytes for $profile than gcc-O0"
                exit 1
            fi
        done
        echo "$name: same bytes"
    done
done
