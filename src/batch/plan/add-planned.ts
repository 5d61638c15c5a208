import { existsSync } from 'node:fs';
import { absolutePath } from '../../storage/address.js';
import type { Database } from '../ledger/database.js';
import { planPath, readPlan, readPlanHeader } from './plan-file.js';

/**
 * Adds the videos of a folder's plan that the ledger does not know: their part did not get to them.
 * @returns how many parts the plan has; undefined without a plan
 * @throws BodyscriptError `PLAN_INVALID`
 */
export async function addPlanned(db: Database, outDir: string): Promise<number | undefined> {
  if (!existsSync(planPath(outDir))) return undefined;
  const header = await readPlanHeader(outDir);
  const madeAt = Date.parse(header.madeAt) || Date.now();
  for await (const { path, name } of readPlan(outDir))
    db.run('INSERT OR IGNORE INTO jobs (path, name, queued_at) VALUES (?, ?, ?)', absolutePath(path), name, madeAt);
  return header.parts;
}
