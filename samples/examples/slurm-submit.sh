#!/usr/bin/env bash
# Submits slurm-array.sh, and a job that merges the ledgers of its tasks and lists the videos that failed:
#   CLIPS=/project/clips RESULTS=/project/results bash slurm-submit.sh
# Run it again to analyse what is missing.
set -euo pipefail
export CLIPS RESULTS

array=$(sbatch --parsable slurm-array.sh)
# afterany, since a task in which one video failed ends with exit code 3, which Slurm calls FAILED.
sbatch --parsable --dependency="afterany:$array" --job-name=bodyscript-merge --output=merge.out \
  --wrap 'bodyscript jobs merge -o "$RESULTS" && bodyscript jobs list -o "$RESULTS" --state failed'
