import { resolve } from 'node:path';
import type { PlannedPart } from '../batch/batch.js';
import type { Shard } from '../batch/ledger/ledger.js';
import { UsageError } from '../errors.js';
import type { AnalyzeValues } from '../options/analyze-options.js';
import type { ANALYZE } from '../options/analyze-table.js';
import type { Resolved } from '../options/resolve.js';

/** The part of a plan for a command. */
export interface ChosenPart {
  readonly part: PlannedPart;
  readonly shard: Shard;
  /** Whether the plan divides videos into segments, and which. */
  readonly segments: 'on' | 'auto' | undefined;
}

/**
 * Reads the plan and part that `--plan` and `--part` choose. @returns undefined without `--plan` @throws UsageError;
 * BodyscriptError `INPUT_MISSING` and `PLAN_INVALID` of the plan
 */
export async function choosePart(
  paths: readonly string[],
  { values, isGiven }: Resolved<typeof ANALYZE>,
): Promise<ChosenPart | undefined> {
  const { plan, part, out } = values;
  if (plan === undefined) {
    if (part === undefined) return undefined;
    throw new UsageError('--part needs --plan', 'Give the results folder, e.g. --plan results.');
  }
  refuseInputs(paths, values);
  if (part === undefined) throw new UsageError('--plan needs --part', 'Give the part: --part auto, or a number.');
  if (isGiven('out') && resolve(out) !== resolve(plan)) {
    throw new UsageError(`--out ${out} is not the folder of the plan, ${plan}`, 'Leave out --out.');
  }
  const { readPlanHeader } = await import('../batch/plan/plan-file.js');
  const { partIndex } = await import('../batch/plan/part-index.js');
  const { parts, segments } = await readPlanHeader(plan);
  const index = partIndex(String(part), parts);
  return { part: { outDir: plan, index }, shard: { index, count: parts }, segments };
}

function refuseInputs(paths: readonly string[], { fromFile, shard }: AnalyzeValues): void {
  const also = paths[0] ?? (fromFile === undefined ? shard && `--shard ${shard}` : `--from-file ${fromFile}`);
  if (also === undefined) return;
  throw new UsageError(`--plan and ${also} both choose the videos`, 'Leave out one of the two.');
}
