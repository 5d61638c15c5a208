import { resolve } from 'node:path';
import type { PlannedPart } from '../batch/batch.js';
import type { Shard } from '../batch/ledger/ledger.js';
import type { Staging } from '../batch/staging.js';
import { UsageError } from '../errors.js';
import type { AnalyzeValues } from '../options/analyze-options.js';
import type { ANALYZE } from '../options/analyze-table.js';
import type { Resolved } from '../options/resolve.js';
import { isBucketAddress } from '../storage/address.js';
import { checkWithin } from './within.js';

/** The part of a plan for a command. */
export interface ChosenPart {
  readonly part: PlannedPart;
  readonly shard: Shard;
  /** Whether the plan divides videos into segments, and which. */
  readonly segments: 'on' | 'auto' | undefined;
}

/** Checks `--plan` and `--part` before anything is opened. @throws UsageError */
export function checkPart(paths: readonly string[], { values, isGiven }: Resolved<typeof ANALYZE>): void {
  const { plan, part, out, within } = values;
  if (plan === undefined) {
    if (part === undefined && within === undefined) return;
    const which = part === undefined ? '--within' : '--part';
    throw new UsageError(`${which} needs --plan`, 'Give the results folder, e.g. --plan results.');
  }
  checkWithin(within ?? []);
  refuseInputs(paths, values);
  if (part === undefined) throw new UsageError('--plan needs --part', 'Give the part: --part auto, or a number.');
  if (isGiven('out') && placeOf(out) !== placeOf(plan)) {
    throw new UsageError(`--out ${out} is not the folder of the plan, ${plan}`, 'Leave out --out.');
  }
}

const placeOf = (place: string) => (isBucketAddress(place) ? place.replace(/\/+$/, '') : resolve(place));

/**
 * Reads the plan and part that `--plan` and `--part` choose, once `checkPart` has passed. @returns undefined without
 * `--plan` @throws UsageError; BodyscriptError `INPUT_MISSING`, `PLAN_INVALID` and `PLAN_OUTSIDE` of the plan
 */
export async function choosePart(
  { plan, part: number, within = [] }: AnalyzeValues,
  staging: Staging | undefined,
  signal: AbortSignal,
): Promise<ChosenPart | undefined> {
  if (plan === undefined) return undefined;
  const { readPlanHeader } = await import('../batch/plan/plan-file.js');
  const { partIndex } = await import('../batch/plan/part-index.js');
  const { confinePart } = await import('../batch/plan/confine.js');
  const { fetchPlan, named } = await import('../batch/plan/bucket-plan.js');
  const destination = isBucketAddress(plan) ? staging?.destination : undefined;
  if (destination) await fetchPlan(destination, signal);
  const outDir = destination?.localDir ?? plan;
  const { parts, segments } = await named(destination, () => readPlanHeader(outDir));
  const index = partIndex(String(number), parts);
  const part = { outDir, index };
  await named(destination, () => confinePart(part, within, destination !== undefined));
  return { part, shard: { index, count: parts }, segments };
}

function refuseInputs(paths: readonly string[], { fromFile, shard }: AnalyzeValues): void {
  const also = paths[0] ?? (fromFile === undefined ? shard && `--shard ${shard}` : `--from-file ${fromFile}`);
  if (also === undefined) return;
  throw new UsageError(`--plan and ${also} both choose the videos`, 'Leave out one of the two.');
}
