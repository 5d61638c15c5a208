import { UsageError } from '../../errors.js';
import type { Variables } from '../../system/scheduler.js';

/** Variables in which a scheduler states this task's index in an array, and the number of its first task. */
const INDEXES = [
  { variable: 'SLURM_ARRAY_TASK_ID', first: 1, how: '--array=1-' },
  { variable: 'SGE_TASK_ID', first: 1, how: '-t 1-' },
  { variable: 'JOB_COMPLETION_INDEX', first: 0, how: 'completions: ' },
  { variable: 'AWS_BATCH_JOB_ARRAY_INDEX', first: 0, how: 'an array size of ' },
] as const;

/**
 * The part of a plan for this process, from 1. The number of parts comes from the plan, never from the scheduler:
 * `--array=3,5` starts two tasks of eight parts.
 * @param part `auto`, or a number as text
 * @throws UsageError
 */
export function partIndex(part: string, parts: number, variables: Variables = process.env): number {
  if (part !== 'auto') return checkedIndex(Number(part), parts, `--part ${part}`, `Choose a part from 1 to ${parts}.`);
  for (const { variable, first, how } of INDEXES) {
    const text = variables[variable];
    if (text === undefined || text === 'undefined') continue; // Grid Engine sets it outside arrays.
    const remedy = `Start the array with ${how}${parts}.`;
    const index = /^\d+$/.test(text) ? Number(text) - first + 1 : Number.NaN;
    return checkedIndex(index, parts, `${variable}=${text}`, remedy);
  }
  throw new UsageError(
    `--part auto: no scheduler has set ${INDEXES.map(({ variable }) => variable).join(', ')}`,
    `Name the part: --part 1 to --part ${parts}.`,
  );
}

function checkedIndex(index: number, parts: number, what: string, remedy: string): number {
  if (index >= 1 && index <= parts) return index;
  throw new UsageError(`${what}: the plan has parts 1-${parts}`, remedy);
}
