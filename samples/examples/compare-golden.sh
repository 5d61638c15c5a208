#!/usr/bin/env bash
# Compares the landmarks of some clips with golden tables, which you have checked by eye and keep in git.
# The first golden tables: bodyscript analyze clips/ -o golden --no-overlay --csv-layout wide
#   bash compare-golden.sh             exit code 0: same, 4: different
#   bash compare-golden.sh --update    shows the difference and takes the new tables as golden
set -euo pipefail

bodyscript analyze clips/ -o results --no-overlay --csv-layout wide --quiet

if [ "${1:-}" = --update ]; then
  bodyscript compare golden/ results/ --update
  exit
fi

# These tolerances hold from one machine to another, and for both engines. On one machine the numbers are the
# same to the byte: leave the tolerances out there.
bodyscript compare golden/ results/ --junit report.xml --markdown report.md \
  --tolerance 0.5% --depth-tolerance 10% --world-tolerance 8cm --visibility-tolerance 0.2
