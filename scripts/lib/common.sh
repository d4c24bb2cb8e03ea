# shellcheck shell=bash disable=SC2034
# What the scripts beside this folder share: the packages weir needs, and one way to build it.
# Sourced, never run. Whatever happens here is told on stderr: stdout belongs to what a script was called for.

set -euo pipefail

project_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly project_root
cd "$project_root"

readonly build_packages=(
  g++ cmake ninja-build pkg-config ccache
  libsqlite3-dev libsqlitecpp-dev libyaml-cpp-dev libspdlog-dev prometheus-cpp-dev
  libboost1.81-dev libcli11-dev nlohmann-json3-dev zlib1g-dev doctest-dev python3
)
# prometheus is here for its promtool, and for tests that start one of their own; in chromium the status page is looked
# at.
readonly test_packages=(chromium curl prometheus sqlite3)
# What the long tests take besides: libFuzzer's runtime stands in a package of its own.
readonly soak_packages=(clang clang-tidy libclang-rt-14-dev)

# What the sanitizers watch: all that threads share, and one run of the service.
readonly sanitized_targets=(history_tests repositories_tests sqlite_tests service_smoke_tests)
readonly sanitized_labels='^(history|repositories|sqlite|service_smoke)$'

say() {
  printf '== %s\n' "$*" >&2
}

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

# Prints those of the packages that are not installed.
missing_packages() {
  local installed
  installed=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  local package
  for package in "$@"; do
    grep --quiet --line-regexp --fixed-strings "$package installed" <<<"$installed" || printf '%s\n' "$package"
  done
}

# Debian starts what it installs, and again at every boot; a masked unit stays off. A prometheus that was there
# before is not among the missing packages and keeps running.
keep_prometheus_off() {
  local unit=/etc/systemd/system/prometheus.service
  [[ -d ${unit%/*} && ! -e $unit && ! -L $unit ]] || return 0
  say "masking prometheus.service: only tests want it"
  as_root ln --symbolic /dev/null "$unit"
}

# Installs the packages that are missing; asks apt nothing when none is.
need_packages() {
  command -v dpkg-query apt-get >/dev/null || die "needs a Debian 12 with apt, or these packages: $*"
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} > 0)) || return 0
  say "installing ${missing[*]}"
  if [[ " ${missing[*]} " == *" prometheus "* ]]; then keep_prometheus_off; fi
  as_root apt-get update --quiet >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}" >&2
}

# build PRESET TARGET...
build() {
  local preset=$1
  shift
  say "building $* ($preset)"
  cmake --preset "$preset" --log-level=WARNING >&2
  cmake --build --preset "$preset" --parallel "$(nproc)" --target "$@" >&2
}
