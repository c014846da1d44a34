#!/bin/sh
# Types, lint and format, import rules, dead code. All of them, so that one run shows everything.
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh
ensure_packages
use_pinned_node
failed=''
step() {
  name=$1
  shift
  "$@" || failed="$failed $name"
}
step types node node_modules/typescript-native/bin/tsc -p .
step lint node_modules/.bin/biome check --max-diagnostics=50 .
step imports node node_modules/dependency-cruiser/bin/dependency-cruiser.mjs --config .dependency-cruiser.cjs packages services apps catalog tests bench
step dead-code node node_modules/knip/bin/knip.js
if [ -n "$failed" ]; then
  echo "check failed:$failed" >&2
  exit 1
fi
echo 'check passed: types, lint, imports, dead code'
