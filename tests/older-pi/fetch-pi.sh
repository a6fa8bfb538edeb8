#!/usr/bin/env bash
# Installs the newest Pi before 1.x into ~/.cache/pilsp-tests, as the lock beside this script says and where it is not
# there yet, and prints its cli.js. The suite pi-0.87 runs with it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/pilsp-tests"
place="$cache/pi-0.87"
cli="node_modules/@earendil-works/pi-coding-agent/dist/cli.js"

if ! { [ -f "$place/$cli" ] && cmp -s "$here/package-lock.json" "$place/package-lock.json"; }; then
  mkdir -p "$cache"
  new=$(mktemp -d "$cache/pi-0.87.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  chmod 755 "$new"
  cp "$here/package.json" "$here/package-lock.json" "$new"
  cd "$new"
  npm ci --ignore-scripts --no-fund --no-audit --loglevel=error </dev/null >&2
  [ -f "$cli" ] || { echo "Pi was installed in $new, and has no $cli" >&2; exit 1; }
  # Whole or not at all: an installation that was interrupted is never found.
  rm -rf "$place"
  mv "$new" "$place"
  trap - EXIT
fi
echo "$place/$cli"
