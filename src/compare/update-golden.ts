import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLandmarks } from '../formats/read-landmarks.js';
import { recordPathOf } from '../formats/recorded-run.js';
import { claimOutputs } from '../system/claim-outputs.js';
import { GrowingFile } from '../system/whole-file.js';
import type { SetComparison } from './compare-folders.js';

/** A file that `--update` wrote, or a stale record that it removed. */
export interface UpdatedFile {
  readonly path: string;
  readonly what: 'created' | 'replaced' | 'removed';
}

/**
 * Makes new tables the golden ones: those that differ, and those without a golden table. The run record moves with its
 * table, so that it always describes the numbers beside it; if the new table has none, the old record is removed.
 */
export async function updateGolden(
  golden: string,
  fresh: string,
  { files, added }: Pick<SetComparison, 'files' | 'added'>,
): Promise<UpdatedFile[]> {
  const pairs = [
    ...files.filter(file => !file.passed).map(file => [file.new, file.golden] as const),
    ...added.map(name => [join(fresh, name), join(golden, name)] as const),
  ];
  for (const name of added) await checkTable(join(fresh, name));
  const updated: UpdatedFile[] = [];
  for (const [from, to] of pairs) updated.push(...(await renew(from, to)));
  return updated;
}

/** Validates a table that was not read before. @throws BodyscriptError `TABLE_INVALID` */
export async function checkTable(path: string): Promise<void> {
  for await (const _ of readLandmarks(path)); // Each row is checked.
}

/** Copies a table and its run record over a golden table and its record. */
export async function renew(from: string, to: string): Promise<UpdatedFile[]> {
  const updated = [await copyWhole(from, to)];
  const [record, old] = [recordPathOf(from), recordPathOf(to)];
  if (old === undefined) return updated;
  if (record !== undefined && (await exists(record))) updated.push(await copyWhole(record, old));
  else if (await exists(old)) {
    await rm(old);
    updated.push({ path: old, what: 'removed' });
  }
  return updated;
}

/** Whether a file or folder exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Replaces a golden file, which `--update` permits; the copy appears whole or not at all. */
async function copyWhole(from: string, to: string): Promise<UpdatedFile> {
  const what = (await exists(to)) ? 'replaced' : 'created';
  await using _claim = await claimOutputs({ outputs: [to], inputs: [from], overwrite: true });
  const file = await GrowingFile.create(to);
  try {
    for await (const bytes of createReadStream(from)) await file.append(bytes as Buffer);
    await file.close();
    await file.publish();
  } catch (error) {
    await file.remove().catch(() => {}); // Only the first failure counts.
    throw error;
  }
  return { path: to, what };
}
