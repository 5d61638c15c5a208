import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

export type CsvRow = Readonly<Record<string, string>>;

/** Rows of a table without quoted fields, by column. */
export async function readCsv(path: string): Promise<CsvRow[]> {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const columns = header.split(',');
  return lines.map(line => {
    const fields = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, fields[i] ?? '']));
  });
}

/** The time of each frame, in order of rows, and its number of rows. */
export function framesOf(rows: readonly CsvRow[]): { frameId: number; timestamp: string; rows: number }[] {
  const frames = new Map<string, { frameId: number; timestamp: string; rows: number }>();
  for (const row of rows) {
    const frame = frames.get(row.frame_id!) ?? {
      frameId: Number(row.frame_id),
      timestamp: row.timestamp!,
      rows: 0,
    };
    frame.rows++;
    frames.set(row.frame_id!, frame);
  }
  return [...frames.values()];
}

/** The names in an output folder, without the program's own folder; none where nothing was written at all. */
export async function outputsIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter(name => name !== '.bodyscript').sort();
}
