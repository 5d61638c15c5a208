import { rm } from 'node:fs/promises';
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { outputError, partialPath, publish } from '../system/whole-file.js';
import { LANDMARK_COLUMNS, type TableFrame, type TableLandmark, type TablePerson } from '../tables/landmark-frame.js';
import type { TableFollower } from '../tables/table-follower.js';

/** Rows that are in memory at a time: 10 seconds of one person at 30 frames a second. */
const ROW_GROUP = 33 * 300;

/** Hardly a number is there twice, and nobody looks for frames by them: a search for repetitions and for the least and the most would take half of the time. */
const MEASURED = { encoding: 'PLAIN', codec: 'UNCOMPRESSED', statistics: false } as const;

const COLUMNS = [
  { name: 'frame_id', type: 'INT32' },
  { name: 'timestamp', type: 'DOUBLE' },
  { name: 'person_id', type: 'INT32', nullable: true },
  { name: 'landmark_id', type: 'INT32' },
  { name: 'landmark_name', type: 'STRING' },
  ...Object.values(LANDMARK_COLUMNS).map(name => ({ name, type: 'DOUBLE' as const, nullable: true, ...MEASURED })),
  { name: 'status', type: 'STRING' },
  { name: 'strategy', type: 'STRING', nullable: true },
  { name: 'score', type: 'DOUBLE', nullable: true },
] as const;

const KEYS = Object.keys(LANDMARK_COLUMNS) as (keyof TableLandmark)[];

/** The long table as Parquet, with the same columns and numbers; null where there is no value. */
export class ParquetFile implements TableFollower {
  readonly stage = 'export';
  readonly #path: string;
  readonly #writer: ParquetWriter;
  #columns: unknown[][] = emptyColumns();

  constructor(path: string) {
    this.#path = path;
    const schema = schemaFromColumnData({ columnData: columnData(this.#columns) });
    this.#writer = trying(path, () => new ParquetWriter({ writer: fileWriter(partialPath(path)), schema }));
  }

  add({ frameId, timestamp, people }: TableFrame): void {
    for (const person of people.length === 0 ? [undefined] : people) this.#addPerson(frameId, timestamp, person);
    if ((this.#columns[0] as unknown[]).length >= ROW_GROUP) this.#writeGroup();
  }

  async finish(): Promise<void> {
    this.#writeGroup();
    trying(this.#path, () => this.#writer.finish());
  }

  async publish(): Promise<readonly string[]> {
    await publish(this.#path);
    return [this.#path];
  }

  async abort(): Promise<void> {
    await rm(partialPath(this.#path), { force: true });
  }

  #addPerson(frameId: number, timestamp: number, person: TablePerson | undefined): void {
    for (const [id, name] of LANDMARK_NAMES.entries()) {
      const mark = person?.landmarks[id];
      let column = 0;
      const put = (value: unknown) => this.#columns[column++]?.push(value ?? null);
      put(frameId);
      put(timestamp);
      put(person?.personId);
      put(id);
      put(name);
      for (const key of KEYS) put(mark?.[key]);
      put(person?.status ?? 'missing');
      put(person?.strategy);
      put(person?.score);
    }
  }

  #writeGroup(): void {
    const rows = (this.#columns[0] as unknown[]).length;
    if (rows === 0) return;
    trying(this.#path, () => this.#writer.write({ columnData: columnData(this.#columns), rowGroupSize: rows }));
    this.#columns = emptyColumns();
  }
}

const emptyColumns = (): unknown[][] => COLUMNS.map(() => []);

function columnData(columns: readonly unknown[][]): ColumnSource[] {
  return COLUMNS.map((column, i) => ({ ...column, data: columns[i] as ColumnSource['data'] }));
}

/** The library writes files at once, and throws what the system says. */
function trying<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw outputError(path, cause);
  }
}
