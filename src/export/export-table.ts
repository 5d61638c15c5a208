import { basename } from 'node:path';
import type { ExportFormat } from '../model/export-formats.js';
import { cocoPieces, writeOpenPose } from './keypoints.js';
import { motLines, trcLines } from './opensim.js';
import { scanTable } from './scan.js';
import { writeLines } from './write-lines.js';

/**
 * Writes a landmark file in another format, in constant memory.
 * @param stem path of the results, without suffix: `results/walk`
 * @returns what was written: files, and for `openpose` a folder
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`
 */
export async function exportTable(input: string, format: ExportFormat, stem: string): Promise<string[]> {
  if (format === 'parquet') return [await (await import('./parquet.js')).writeParquet(input, `${stem}.parquet`)];
  if (format === 'coco') return [await writeLines(`${stem}.coco.json`, cocoPieces(input, basename(stem)))];
  if (format === 'openpose') return [await writeOpenPose(input, `${stem}.openpose`, basename(stem))];
  const facts = await scanTable(input);
  const lines = format === 'trc' ? trcLines : motLines;
  const written: string[] = [];
  // These formats know one person: the others get files of their own.
  for (const person of facts.people) {
    const path = `${stem}${facts.people.length > 1 ? `.person-${person}` : ''}.${format}`;
    written.push(await writeLines(path, lines(input, person, facts, path)));
  }
  return written;
}
