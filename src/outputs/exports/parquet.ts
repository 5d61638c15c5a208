import { rm } from 'node:fs/promises';
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { LANDMARK_NAMES } from '../../model/blazepose.js';
import { LANDMARK_COLUMNS, type TableFrame, type TableLandmark, type TablePerson } from '../../model/table-frame.js';
import { collectGarbage } from '../../system/collect-garbage.js';
import { OpenStack } from '../../system/open-stack.js';
import { outputError, partialPath, publish, writePartial } from '../../system/whole-file.js';
import type { Output } from '../output.js';

/** Rows in memory at a time: 10 seconds of one person at 30 frames a second. */
const ROW_GROUP = 33 * 300;

/** Row groups between two garbage collections: each leaves a megabyte of buffers that the collector hardly notices. */
const COLLECT_EVERY = 16;

/**
 * Numbers hardly ever repeat, and nothing searches frames by them: computing dictionaries, minima and maxima would take
 * half of the time.
 */
const MEASURED = { encoding: 'PLAIN', codec: 'UNCOMPRESSED', statistics: false } as const;

const measured = (name: string) => ({ name, type: 'DOUBLE', nullable: true, ...MEASURED }) as const;
/** The columns before a row's status, as in the long table. */
const PLACE_KEYS = (Object.keys(LANDMARK_COLUMNS) as (keyof TableLandmark)[]).filter(key => key !== 'confidence');

const COLUMNS = [
  { name: 'frame_id', type: 'INT32' },
  { name: 'timestamp', type: 'DOUBLE' },
  { name: 'person_id', type: 'INT32', nullable: true },
  { name: 'landmark_id', type: 'INT32' },
  { name: 'landmark_name', type: 'STRING' },
  ...PLACE_KEYS.map(key => measured(LANDMARK_COLUMNS[key])),
  { name: 'status', type: 'STRING' },
  { name: 'strategy', type: 'STRING', nullable: true },
  { name: 'score', type: 'DOUBLE', nullable: true },
  measured(LANDMARK_COLUMNS.confidence),
] as const;

/** Maximum rows by which a frame of many people may exceed a group. */
const SPARE_ROWS = 33 * 64;

/** The long table as Parquet, with the same columns and numbers; null where there is no value. */
export class ParquetFile implements Output<'table'> {
  readonly #path: string;
  readonly #writer: ParquetWriter;
  readonly #columns = COLUMNS.map(column => new Column(column));
  #rows = 0;
  #groups = 0;

  private constructor(path: string) {
    this.#path = path;
    const schema = schemaFromColumnData({ columnData: this.#data() });
    this.#writer = trying(path, () => new ParquetWriter({ writer: fileWriter(partialPath(path)), schema }));
  }

  static async create(path: string): Promise<ParquetFile> {
    await writePartial(path, ''); // The library opens by name: the file it finds there is then ours.
    await using opened = new OpenStack();
    opened.add(partialPath(path), file => rm(file, { force: true }));
    const file = new ParquetFile(path);
    opened.keep();
    return file;
  }

  write({ frameId, timestamp, people }: TableFrame): void {
    for (const person of people.length === 0 ? [undefined] : people) this.#addPerson(frameId, timestamp, person);
    if (this.#rows >= ROW_GROUP) this.#writeGroup();
  }

  async finish(): Promise<void> {
    this.#writeGroup();
    trying(this.#path, () => this.#writer.finish());
  }

  async publish(): Promise<readonly string[]> {
    await publish(this.#path);
    return [this.#path];
  }

  async abandon(): Promise<void> {
    await rm(partialPath(this.#path), { force: true });
  }

  #addPerson(frameId: number, timestamp: number, person: TablePerson | undefined): void {
    for (const [id, name] of LANDMARK_NAMES.entries()) {
      const mark = person?.landmarks[id];
      const row = this.#rows++;
      let column = 0;
      const put = (value: number | string | undefined) => (this.#columns[column++] as Column).set(row, value);
      put(frameId);
      put(timestamp);
      put(person?.personId);
      put(id);
      put(name);
      for (const key of PLACE_KEYS) put(mark?.[key]);
      put(person?.status ?? 'missing');
      put(person?.strategy);
      put(person?.score);
      put(mark?.confidence);
    }
  }

  #writeGroup(): void {
    if (this.#rows === 0) return;
    trying(this.#path, () => this.#writer.write({ columnData: this.#data(), rowGroupSize: this.#rows }));
    this.#rows = 0;
    for (const column of this.#columns) column.clear();
    if (++this.#groups % COLLECT_EVERY === 0) collectGarbage();
  }

  #data(): ColumnSource[] {
    return this.#columns.map(column => column.source(this.#rows));
  }
}

type Description = (typeof COLUMNS)[number];

/**
 * One column of a group. Numbers are in one reused array: separate lists for each group would keep the garbage
 * collector busy.
 */
class Column {
  readonly #description: Description;
  readonly #numbers: Float64Array | undefined;
  #texts: (string | null)[] = [];
  #hasNull = false;

  constructor(description: Description) {
    this.#description = description;
    this.#numbers = description.type === 'STRING' ? undefined : new Float64Array(ROW_GROUP + SPARE_ROWS);
  }

  set(row: number, value: number | string | undefined): void {
    if (value === undefined) this.#hasNull = true;
    if (this.#numbers) this.#numbers[row] = value === undefined ? Number.NaN : (value as number);
    else this.#texts[row] = (value as string | undefined) ?? null;
  }

  clear(): void {
    this.#texts = [];
    this.#hasNull = false;
  }

  source(rows: number): ColumnSource {
    return { ...this.#description, data: this.#data(rows) };
  }

  #data(rows: number): ColumnSource['data'] {
    if (!this.#numbers) return this.#texts;
    const numbers = this.#numbers.subarray(0, rows);
    if (this.#hasNull) return Array.from(numbers, value => (Number.isNaN(value) ? null : value));
    return this.#description.type === 'INT32' ? Int32Array.from(numbers) : numbers;
  }
}

/** The library writes files synchronously, and throws the system's errors. */
function trying<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw outputError(path, cause);
  }
}
