import type { MemoryLimit } from './memory-limit.js';

/** Variables of a process, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A memory limit of zero means the whole node in Slurm. */
const MEGABYTE = 1024 * 1024;

/**
 * How many cores the scheduler gave this task: `SLURM_CPUS_PER_TASK`, `NSLOTS` of Grid Engine. Without affinity or
 * control groups a process sees all cores of the node, also those that belong to other people's tasks.
 * @returns undefined if no scheduler sets it
 */
export function scheduledCores(variables: Variables = process.env): number | undefined {
  return wholeNumber(variables.SLURM_CPUS_PER_TASK) ?? wholeNumber(variables.NSLOTS);
}

/** How much memory Slurm gave this task: `SLURM_MEM_PER_NODE` in MB, or `SLURM_MEM_PER_CPU` for each core. */
export function scheduledMemory(variables: Variables = process.env): MemoryLimit | undefined {
  const node = wholeNumber(variables.SLURM_MEM_PER_NODE);
  if (node !== undefined) return { bytes: node * MEGABYTE, source: 'SLURM_MEM_PER_NODE' };
  const core = wholeNumber(variables.SLURM_MEM_PER_CPU);
  if (core === undefined) return undefined;
  return { bytes: core * (scheduledCores(variables) ?? 1) * MEGABYTE, source: 'SLURM_MEM_PER_CPU' };
}

/** A number from 1 on; anything else counts as not given. */
function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  return Number(text) > 0 ? Number(text) : undefined;
}
