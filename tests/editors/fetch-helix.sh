#!/usr/bin/env bash
# Unpacks Helix from Debian's unstable suite beside the system and without touching it, into ~/.cache/pilsp-tests.
# Prints the command to start it with, for PILSP_TEST_HELIX.
set -euo pipefail
cache="${XDG_CACHE_HOME:-$HOME/.cache}/pilsp-tests"
place="$cache/helix-sid"
command="$place/hx"

fetch() {
  # The mirror as the system has it, in either form of source list; Debian's own, not that of another vendor.
  local mirror state="$cache/apt-helix"
  sources=(/etc/apt/sources.list /etc/apt/sources.list.d/*)
  mirror=$(sed -n '/^ *#/d; s#.*\(https\{0,1\}://[^ ]*/debian\)/\{0,1\}\( .*\)\{0,1\}$#\1#p' "${sources[@]}" 2>/dev/null | sed -n 1p || true)
  [ -n "$mirror" ] || { echo 'no Debian mirror in the source lists of apt' >&2; return 1; }
  rm -rf "$place"
  mkdir -p "$state/lists/partial" "$state/archives/partial" "$state/download" "$place"
  : >"$state/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$state/sources.list"
  local apt=(-q -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$state/lists"
    -o "Dir::State::status=$state/status" -o "Dir::Cache=$state" -o "Dir::Cache::archives=$state/archives" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update </dev/null >&2
  local packages
  packages=$(apt-get "${apt[@]}" install -s --no-install-recommends hx </dev/null | awk '/^Inst /{print $2}')
  [ -n "$packages" ] || { echo 'no package hx in this mirror' >&2; return 1; }
  (cd "$state/download" && apt-get "${apt[@]}" download $packages </dev/null >&2)
  for package in "$state/download"/*.deb; do dpkg -x "$package" "$place/root"; done
  rm -rf "$state"

  local root="$place/root" loader libraries binary runtime
  loader=$(find "$root" -name 'ld-linux*.so*' | head -n 1)
  libraries=$(find "$root/usr/lib" "$root/lib" -maxdepth 1 -type d 2>/dev/null | paste -sd:)
  binary=$(find "$root/usr/bin" "$root/usr/lib" -name hx -type f | head -n 1)
  runtime=$(find "$root/usr" -type d -name runtime -path '*helix*' | head -n 1)
  cat >"$command" <<RUN
#!/bin/sh
export HELIX_RUNTIME='$runtime'
exec '$loader' --library-path '$libraries' '$binary' "\$@"
RUN
  chmod +x "$command"
}

"$command" --version >/dev/null 2>&1 || fetch || { echo 'no Helix' >&2; exit 1; }
"$command" --version >/dev/null 2>&1 || { echo 'the Helix that was fetched does not start' >&2; exit 1; }
echo "$command"
