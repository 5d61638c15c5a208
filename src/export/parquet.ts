import { rename, rm } from 'node:fs/promises';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { outputError, partialPath } from '../system/whole-file.js';
import { LANDMARK_COLUMNS, type TableLandmark } from '../tables/landmark-frame.js';
import { readLandmarks } from '../tables/read-landmarks.js';

/** Rows that are in memory at a time. */
const ROW_GROUP = 33 * 1000;

const COLUMNS = [
  { name: 'frame_id', type: 'INT32' },
  { name: 'timestamp', type: 'DOUBLE' },
  { name: 'person_id', type: 'INT32', nullable: true },
  { name: 'landmark_id', type: 'INT32' },
  { name: 'landmark_name', type: 'STRING' },
  ...Object.values(LANDMARK_COLUMNS).map(name => ({ name, type: 'DOUBLE' as const, nullable: true })),
  { name: 'status', type: 'STRING' },
  { name: 'strategy', type: 'STRING', nullable: true },
  { name: 'score', type: 'DOUBLE', nullable: true },
] as const;

const KEYS = Object.entries(LANDMARK_COLUMNS) as [keyof TableLandmark, string][];

/** The long table as Parquet, with the same columns and numbers; null where there is no value. */
export async function writeParquet(input: string, path: string): Promise<string> {
  try {
    await parquetWriteRows({
      writer: fileWriter(partialPath(path)),
      rows: rowsOf(input),
      columns: COLUMNS.map(column => ({ ...column })),
      rowGroupSize: ROW_GROUP,
    });
    await rename(partialPath(path), path);
    return path;
  } catch (cause) {
    await rm(partialPath(path), { force: true });
    throw outputError(path, cause);
  }
}

async function* rowsOf(input: string): AsyncGenerator<Record<string, unknown>> {
  for await (const { frameId, timestamp, people } of readLandmarks(input)) {
    for (const person of people.length === 0 ? [undefined] : people) {
      for (const [id, name] of LANDMARK_NAMES.entries()) {
        const mark = person?.landmarks[id];
        yield {
          frame_id: frameId,
          timestamp,
          person_id: person?.personId ?? null,
          landmark_id: id,
          landmark_name: name,
          ...Object.fromEntries(KEYS.map(([key, column]) => [column, mark?.[key] ?? null])),
          status: person?.status ?? 'missing',
          strategy: person?.strategy ?? null,
          score: person?.score ?? null,
        };
      }
    }
  }
}
