import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readRunRecord } from '../../formats/read-run-record.js';
import { absolutePath } from '../../storage/address.js';
import { holderOfLock, lockPath } from '../../system/output-lock.js';
import { partialPath } from '../../system/whole-file.js';
import { type JobEntry, newEntry } from '../ledger/job.js';
import { planPath, readPlan } from './plan-file.js';

/**
 * The videos of a folder's plan that any command analyses now, by the locks of their run records: a part without a
 * ledger, perhaps on another machine, is seen nowhere else. A piece of a video has no lock.
 * @returns running entries without an id, by path
 * @throws BodyscriptError `PLAN_INVALID`
 */
export async function claimedVideos(outDir: string): Promise<Map<string, JobEntry>> {
  const claimed = new Map<string, JobEntry>();
  if (!existsSync(planPath(outDir))) return claimed;
  const folders = new Map<string, ReadonlySet<string>>();
  const namesIn = async (folder: string) => {
    const names = folders.get(folder) ?? new Set(await readdir(folder).catch(() => []));
    folders.set(folder, names);
    return names;
  };
  for await (const { path, name } of readPlan(outDir)) {
    const record = join(outDir, `${name}.run.json`);
    // Most videos are not claimed: one look into each folder, and none at their files.
    if (!(await namesIn(dirname(record))).has(basename(lockPath(record)))) continue;
    const runner = await holderOfLock(record);
    if (!runner) continue;
    const entry = newEntry(0, absolutePath(path), name);
    claimed.set(entry.path, { ...entry, state: 'running', runner, startedAt: await startOf(record) });
  }
  return claimed;
}

/** When a run began, by the record that it keeps until it ends, in milliseconds since 1970; null if unknown. */
async function startOf(record: string): Promise<number | null> {
  const draft = await readRunRecord(partialPath(record)).catch(() => undefined);
  return draft?.status === 'running' ? Date.parse(draft.startedAt) || null : null;
}
