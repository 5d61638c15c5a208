import { basename, dirname } from 'node:path';
import type { PlannedPart } from '../batch.js';
import type { Input } from '../inputs/input.js';
import { readPlan } from './plan-file.js';

/**
 * The videos of one part of a plan, and the pieces of videos, with the names chosen by the plan: no part knows the
 * others' videos.
 * @throws BodyscriptError `INPUT_MISSING`, `PLAN_INVALID`
 */
export async function* plannedInputs({ outDir, index }: PlannedPart): AsyncGenerator<Input> {
  for await (const { part, path, name, piece } of readPlan(outDir)) {
    if (part !== index) continue;
    yield { path, relative: basename(path), parent: basename(dirname(path)), stem: name, name, piece };
  }
}
