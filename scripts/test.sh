#!/bin/sh
# Installs what is missing, then runs every test. The last line says how many passed and failed.
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh
ensure_all
[ $# -gt 0 ] || ensure_test_programs
use_pinned_node
report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
node node_modules/vitest/vitest.mjs run --reporter=default --reporter=json --outputFile.json="$report" "$@" || status=$?
node scripts/summary.mjs "$report" || status=1
exit "$status"
