#!/usr/bin/env bash
# Unpacks newer Neovims from other suites of the system's own Debian mirror, beside the installed one and without
# touching it, into ~/.cache/pilsp-tests. Prints what PILSP_TEST_NVIM is to be: a list of commands.
#   fetch-newer.sh [suite …]      trixie has 0.10, sid has 0.12
set -euo pipefail
cache="${XDG_CACHE_HOME:-$HOME/.cache}/pilsp-tests"
suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(trixie sid)

# The mirror as the system has it, in either form of source list; Debian's own, not that of another vendor.
sources=(/etc/apt/sources.list /etc/apt/sources.list.d/*)
mirror=$(sed -n '/^ *#/d; s#.*\(https\{0,1\}://[^ ]*/debian\)/\{0,1\}\( .*\)\{0,1\}$#\1#p' "${sources[@]}" 2>/dev/null | sed -n 1p || true)
[ -n "$mirror" ] || { echo 'no Debian mirror in the source lists of apt' >&2; exit 1; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fetch() {
  local suite=$1 place="$cache/nvim-$1" state="$cache/apt-$1"
  mkdir -p "$state/lists/partial" "$state/archives/partial" "$state/download" "$place"
  : >"$state/status"
  echo "deb [signed-by=$keyring] $mirror $suite main" >"$state/sources.list"
  local apt=(-q -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$state/lists"
    -o "Dir::State::status=$state/status" -o "Dir::Cache=$state" -o "Dir::Cache::archives=$state/archives" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update </dev/null >&2
  local packages
  packages=$(apt-get "${apt[@]}" install -s --no-install-recommends neovim </dev/null | awk '/^Inst /{print $2}')
  (cd "$state/download" && apt-get "${apt[@]}" download $packages </dev/null >&2)
  for package in "$state/download"/*.deb; do dpkg -x "$package" "$place/root"; done
  rm -rf "$state"

  local root="$place/root" loader
  loader=$(find "$root" -name 'ld-linux*.so*' | head -n 1)
  local libraries
  libraries=$(find "$root/usr/lib" "$root/lib" -maxdepth 1 -type d 2>/dev/null | paste -sd:)
  local modules
  modules=$(find "$root/usr/lib" -type d -path '*/lua/5.1' | head -n 1)
  cat >"$place/nvim" <<RUN
#!/bin/sh
export VIMRUNTIME='$root/usr/share/nvim/runtime'
export LUA_CPATH='$modules/?.so'
exec '$loader' --library-path '$libraries' '$root/usr/bin/nvim' "\$@"
RUN
  chmod +x "$place/nvim"
}

list=()
for suite in "${suites[@]}"; do
  command="$cache/nvim-$suite/nvim"
  "$command" --version >/dev/null 2>&1 || fetch "$suite" >&2 || { echo "no Neovim from $suite" >&2; continue; }
  if "$command" --version >/dev/null 2>&1; then list+=("$command"); else echo "the Neovim from $suite does not start" >&2; fi
done
(IFS=:; echo "${list[*]}")
