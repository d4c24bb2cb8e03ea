#!/usr/bin/env bash
# embedding_test.sh SOURCE_DIR BUILD_DIR COMPILER: installs weir to a folder of its own, builds examples/embedding
# against it with nothing but find_package(weir), and runs it twice on one database.

set -euo pipefail
source_dir=$1 build_dir=$2 compiler=$3

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The example must stand on what was installed, not on the tree beside it.
cp -r "$source_dir/examples/embedding" "$scratch/example"
cmake --install "$build_dir" --prefix "$scratch/prefix" >/dev/null
cmake -S "$scratch/example" -B "$scratch/build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$scratch/prefix"
cmake --build "$scratch/build"

cd "$scratch"
expect() {
  local said
  said=$("$scratch/build/embedding")
  if [[ $said != "$1" ]]; then
    printf 'the example said:\n%s\ninstead of:\n%s\n' "$said" "$1" >&2
    exit 1
  fi
}
expect '1 Which tea keeps me awake?'
expect $'1 Which tea keeps me awake?\n2 Which tea keeps me awake?'
