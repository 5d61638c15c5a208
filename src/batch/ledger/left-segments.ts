import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SegmentFolder } from '../../analyze/segments/segment-folder.js';
import { segmentsPath } from '../own-folder.js';
import type { Database } from './database.js';
import { listJobs } from './housekeeping.js';

/** Segments of a video whose state is not known here may belong to parts that still run elsewhere. */
const UNKNOWN_FOR_MS = 24 * 3600 * 1000;

/**
 * Removes analysed segments that no command joins any more: those of videos that have ended, and those of other videos
 * to which nothing was added for a day.
 * @param before milliseconds since 1970
 * @returns the folders
 */
export async function cleanSegments(db: Database, outDir: string, before: number, dryRun: boolean): Promise<string[]> {
  const root = dirname(segmentsPath(outDir, ''));
  const names = await readdir(root).catch(() => []);
  if (names.length === 0) return [];
  const endings = new Map<string, number>();
  for (const { name, state, endedAt } of listJobs(db, [])) {
    if (state === 'queued') continue;
    endings.set(basename(segmentsPath(outDir, name)), state === 'running' ? Number.POSITIVE_INFINITY : (endedAt ?? 0));
  }
  const removed: string[] = [];
  for (const name of names.filter(one => /^[0-9a-f]{32}$/.test(one))) {
    const folder = join(root, name);
    const endedAt = endings.get(name) ?? (await changedAt(folder)) + UNKNOWN_FOR_MS;
    if (endedAt > before) continue;
    removed.push(folder);
    if (!dryRun) await new SegmentFolder(outDir, folder).remove();
  }
  return removed;
}

/** When the last segment was added, in milliseconds since 1970. */
async function changedAt(folder: string): Promise<number> {
  const inside = await readdir(folder).catch(() => []);
  const all = [folder, ...inside.map(name => join(folder, name))];
  const times = await Promise.all(
    all.map(path =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}
