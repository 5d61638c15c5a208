import { basename, dirname } from 'node:path';
import type { PlannedPart } from '../batch.js';
import type { Input } from '../inputs/find-inputs.js';
import { readPlan } from './plan-file.js';

/**
 * The videos of one part of a plan, with the names chosen by the plan: no part knows the others' videos.
 * @throws BodyscriptError `INPUT_MISSING`, `PLAN_INVALID`
 */
export async function* plannedInputs({ outDir, index }: PlannedPart): AsyncGenerator<Input> {
  const { videos } = await readPlan(outDir);
  for await (const { part, path, name } of videos) {
    if (part !== index) continue;
    yield { path, relative: basename(path), parent: basename(dirname(path)), stem: name, name };
  }
}
