#!/usr/bin/env bash
# Analyses a folder of videos on a Slurm cluster, as an array of up to 8 tasks with equal work:
#   CLIPS=/project/clips RESULTS=/project/results bash slurm-submit.sh
# Run it again to analyse what is missing. merge.out lists the videos that failed.
set -euo pipefail
export CLIPS RESULTS
parts=8

bodyscript plan "$CLIPS" -o "$RESULTS" --parts $parts
array=$(sbatch --parsable --array=1-$parts slurm-array.sh)
# afterany, since a task in which one video failed ends with exit code 3, which Slurm calls FAILED.
# With --no-ledger it is "jobs rebuild" in place of "jobs merge".
sbatch --dependency="afterany:$array" --job-name=bodyscript-merge --output=merge.out \
  --wrap 'bodyscript jobs merge -o "$RESULTS" && bodyscript jobs list -o "$RESULTS" --state failed'
