#!/bin/bash
#SBATCH --job-name=bodyscript
#SBATCH --ntasks=1 --cpus-per-task=4 --mem=4G --time=12:00:00
#SBATCH --requeue --signal=TERM@120 --open-mode=append
# One task of the array that slurm-submit.sh submits: analyses its part of the plan in $RESULTS.

# srun, so that Slurm's signal reaches bodyscript. It needs -c, since it does not inherit --cpus-per-task, and -n 1:
# where tasks get whole nodes, it would start as many copies as have room there.
# Each part has a ledger of its own. On a file system without locks add --no-ledger.
srun -n 1 -c "$SLURM_CPUS_PER_TASK" bodyscript analyze --plan "$RESULTS" --part auto --quiet
code=$?

# 143: Slurm ended it before the time limit, or to make room. The requeued task continues in the middle of the video.
if [ "$code" = 143 ]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
  sleep 30 # Slurm ends this script meanwhile.
fi
exit "$code"
