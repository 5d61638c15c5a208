import { copyFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** A copy that is there whole or not at all. */
export async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const temporary = `${to}.${process.pid}.tmp`;
  await copyFile(from, temporary);
  await rename(temporary, to);
}
