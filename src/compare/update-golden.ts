import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { claimOutputs } from '../system/claim-outputs.js';
import { GrowingFile } from '../system/whole-file.js';
import type { SetComparison } from './compare-folders.js';

/** Makes new files the golden ones: those that differ, and those that had none. @returns what was written */
export async function updateGolden(golden: string, fresh: string, { files, added }: SetComparison): Promise<string[]> {
  const pairs = [
    ...files.filter(file => !file.passed).map(file => [file.new, file.golden] as const),
    ...added.map(name => [join(fresh, name), join(golden, name)] as const),
  ];
  for (const [from, to] of pairs) await copyWhole(from, to);
  return pairs.map(([, to]) => to);
}

/** Whether there is something to compare with. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Replaces a golden file, which `--update` permits, by a copy that is there whole or not at all. */
export async function copyWhole(from: string, to: string): Promise<void> {
  await using _claim = await claimOutputs({ outputs: [to], inputs: [from], overwrite: true });
  const file = await GrowingFile.create(to);
  try {
    for await (const bytes of createReadStream(from)) await file.append(bytes as Buffer);
    await file.close();
    await file.publish();
  } catch (error) {
    await file.remove().catch(() => {}); // The first failure is what counts.
    throw error;
  }
}
