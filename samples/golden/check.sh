#!/usr/bin/env bash
# Compares the samples' landmarks with the golden ones, for each engine: the example for CI in "bodyscript help comparing".
set -euo pipefail
cd "$(dirname "$0")/../.."
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
config=samples/golden/bodyscript.config.toml
for engine in native mediapipe; do
  node bin/bodyscript.js analyze samples/{wave,sit,variable-rate}.mp4 -o "$results/$engine" --engine "$engine" --config "$config" --quiet
  node bin/bodyscript.js compare samples/golden "$results/$engine" --config "$config"
done
