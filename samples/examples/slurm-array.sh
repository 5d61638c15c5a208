#!/bin/bash
#SBATCH --job-name=bodyscript
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4 --mem=4G --time=12:00:00
#SBATCH --requeue --signal=TERM@120 --open-mode=append
# Analyses a folder of videos as an array of 8 tasks. slurm-submit.sh submits it.
clips=${CLIPS:-/project/clips}
results=${RESULTS:-/project/results}
parts=8 # The same number as in --array. Do not use SLURM_ARRAY_TASK_COUNT: it is 2 when you resubmit tasks 3 and 5.

# srun, so that Slurm's signal reaches bodyscript. It needs -c, since it does not inherit --cpus-per-task.
srun -c "$SLURM_CPUS_PER_TASK" bodyscript analyze "$clips" -o "$results" \
  --shard "$SLURM_ARRAY_TASK_ID/$parts" --jobs "$SLURM_CPUS_PER_TASK" --quiet
code=$?

# 143: Slurm ended it before the time limit, or to make room. The requeued task goes on in the middle of the video.
if [ "$code" = 143 ]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
  sleep 30 # Slurm ends this script meanwhile.
fi
exit "$code"
