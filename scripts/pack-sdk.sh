#!/bin/sh
# Builds the SDK as ECMAScript modules with types, and packs it: pack-sdk.sh FOLDER leaves the tarball in it and prints its name.
set -eu
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
. scripts/lib.sh
use_pinned_node
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
node node_modules/typescript-native/bin/tsc -p packages/sdk/tsconfig.package.json --outDir "$out"
node packages/sdk/packaging/package.ts "$out" packages/sdk LICENSE
npm pack --silent --pack-destination "$folder" "$out"
