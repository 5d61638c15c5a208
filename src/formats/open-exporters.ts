import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExportFacts } from './export-facts.js';
import type { ExportFormat } from './export-formats.js';
import { personStem } from './person-file.js';
import type { TableFollower } from './table-follower.js';

type Open = (facts: ExportFacts) => Promise<TableFollower> | TableFollower;

/** The code that writes a format, frame by frame. Each is loaded only when it is wanted. */
const LOADERS: Readonly<Record<ExportFormat, () => Promise<Open>>> = {
  trc: async () => {
    const [{ OpenSimFile }, { scaledTrc, worldTrc }] = await Promise.all([
      import('./opensim-file.js'),
      import('./trc.js'),
    ]);
    return facts =>
      new OpenSimFile(
        facts.stem,
        facts.personHeight === undefined ? worldTrc(facts) : scaledTrc(facts.personHeight, facts),
      );
  },
  mot: async () => {
    const [{ OpenSimFile }, { mot }] = await Promise.all([import('./opensim-file.js'), import('./mot.js')]);
    return facts => new OpenSimFile(facts.stem, mot(facts));
  },
  openpose: async () => {
    const { OpenPoseFolder } = await import('./openpose.js');
    return facts => OpenPoseFolder.create(facts);
  },
  coco: async () => {
    const { CocoFile } = await import('./coco.js');
    return facts => CocoFile.create(facts);
  },
  parquet: async () => {
    const { ParquetFile } = await import('./parquet.js');
    return ({ stem }) => ParquetFile.create(`${stem}.parquet`);
  },
};

/** Loads the code for some formats, for who has time for it before the first frame is there. */
export async function loadExporters(formats: readonly ExportFormat[]): Promise<void> {
  await Promise.all(formats.map(format => LOADERS[format]()));
}

/** Begins files of some formats. @throws BodyscriptError `OUTPUT_NOT_WRITABLE` */
export async function openExporters(formats: readonly ExportFormat[], facts: ExportFacts): Promise<TableFollower[]> {
  const open: TableFollower[] = [];
  try {
    for (const format of new Set(formats)) open.push(await (await LOADERS[format]())(facts));
    return open;
  } catch (error) {
    await Promise.allSettled(open.map(exporter => exporter.abort()));
    throw error;
  }
}

/** The names that exports may take, where there are several people as well; a folder with a slash. */
export function exportNames(formats: readonly ExportFormat[], stem: string): string[] {
  return formats.flatMap(format => {
    if (format === 'trc' || format === 'mot') return [`${stem}.${format}`, `${personStem(stem, 0)}.${format}`];
    if (format === 'openpose') return [`${stem}.openpose/`];
    return [`${stem}.${format === 'coco' ? 'coco.json' : format}`];
  });
}

/** Files of single people that are there: whom a table holds is known at its end only. */
export async function existingExports(formats: readonly ExportFormat[], stem: string): Promise<string[]> {
  const suffixes = formats.filter(format => format === 'trc' || format === 'mot');
  if (suffixes.length === 0) return [];
  const begin = `${basename(stem)}.person-`;
  const names = await readdir(dirname(stem)).catch(() => []);
  return names
    .filter(name => name.startsWith(begin))
    .filter(name => /^\d+\.(trc|mot)$/.test(name.slice(begin.length)) && suffixes.some(suffix => name.endsWith(suffix)))
    .map(name => join(dirname(stem), name));
}
