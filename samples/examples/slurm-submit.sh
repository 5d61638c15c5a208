#!/usr/bin/env bash
# Analyses a folder of videos on a Slurm cluster, as an array of up to 8 tasks with equal work:
#   CLIPS=/project/clips RESULTS=/project/results bash slurm-submit.sh
# First set the cores, memory and time of a task in slurm-array.sh, beside this script.
# Run it again to analyse what is missing. slurm-JOB_TASK.out has the messages of a task; merge.out counts the videos
# and lists those that failed. For a recording of hours among short clips add "--segments auto" to the plan.
set -euo pipefail
export CLIPS RESULTS
parts=8

bodyscript plan "$CLIPS" -o "$RESULTS" --parts $parts
array=$(sbatch --parsable --array=1-$parts slurm-array.sh)
# afterany, since a task in which one video failed ends with exit code 3, which Slurm calls FAILED.
sbatch --dependency="afterany:$array" --job-name=bodyscript-merge --output=merge.out \
  --wrap 'bodyscript jobs merge -o "$RESULTS" && bodyscript jobs list -o "$RESULTS" --state failed'
