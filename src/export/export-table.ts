import type { ExportFormat } from '../model/export-formats.js';
import { pictureSizeOf } from '../tables/picture-size.js';
import { followTable, type TableFollower } from '../tables/table-follower.js';
import type { ExportFacts } from './export-facts.js';

/** What writes a format, frame by frame. Each is loaded only when it is wanted. */
const EXPORTERS: Readonly<Record<ExportFormat, (facts: ExportFacts) => Promise<TableFollower>>> = {
  trc: async ({ stem, personHeight, display }) => {
    const { OpenSimFile } = await import('./opensim-file.js');
    const { scaledTrc, WORLD_TRC } = await import('./trc.js');
    return new OpenSimFile(stem, personHeight === undefined ? WORLD_TRC : scaledTrc(personHeight, display));
  },
  mot: async ({ stem }) => {
    const { OpenSimFile } = await import('./opensim-file.js');
    return new OpenSimFile(stem, (await import('./mot.js')).MOT);
  },
  openpose: async ({ stem }) => new (await import('./openpose.js')).OpenPoseFolder(stem),
  coco: async facts => (await import('./coco.js')).CocoFile.create(facts),
  parquet: async ({ stem }) => new (await import('./parquet.js')).ParquetFile(`${stem}.parquet`),
};

/** Begins files of some formats. @throws BodyscriptError `OUTPUT_NOT_WRITABLE` */
export async function openExporters(formats: readonly ExportFormat[], facts: ExportFacts): Promise<TableFollower[]> {
  const open: TableFollower[] = [];
  try {
    for (const format of new Set(formats)) open.push(await EXPORTERS[format](facts));
    return open;
  } catch (error) {
    await Promise.allSettled(open.map(exporter => exporter.abort()));
    throw error;
  }
}

/**
 * Writes a landmark file in other formats: reads it once, in constant memory.
 * @param stem path of the results, without suffix: `results/walk`
 * @param personHeight in metres, to scale the pixels of markers; undefined: markers are the networks' own metres
 * @returns what was written: files, and for `openpose` a folder
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`
 */
export async function exportTable(
  input: string,
  formats: readonly ExportFormat[],
  stem: string,
  personHeight?: number,
): Promise<string[]> {
  const display = await pictureSizeOf(input);
  return followTable(input, await openExporters(formats, { stem, display, personHeight }));
}

/** The names that exports may take, where there are several people as well. */
export function exportNames(formats: readonly ExportFormat[], stem: string): string[] {
  return formats.flatMap(format => {
    if (format === 'trc' || format === 'mot') return [`${stem}.${format}`, `${stem}.person-0.${format}`];
    return format === 'openpose' ? [] : [`${stem}.${format === 'coco' ? 'coco.json' : format}`];
  });
}
