import { createReadStream } from 'node:fs';
import { personStem, rowsFile } from '../../formats/person-file.js';
import type { TablePerson } from '../../model/table-frame.js';
import { settleAll } from '../../system/settle.js';
import { GrowingFile, partialPath } from '../../system/whole-file.js';

/** Bytes are passed to the operating system, and read again, in pieces of about this size. */
const PIECE_BYTES = 64 * 1024;
const TIME_BYTES = 8;

/** Records of equal length on disk. */
class Records {
  readonly #file: GrowingFile;
  readonly #bytes: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  private constructor(file: GrowingFile, bytes: number) {
    this.#file = file;
    this.#bytes = bytes;
  }

  static async create(path: string, bytes: number): Promise<Records> {
    return new Records(await GrowingFile.create(path), bytes);
  }

  async add(record: Uint8Array): Promise<void> {
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    if (this.#waitingBytes >= PIECE_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (bytes.length > 0) await this.#file.append(bytes);
  }

  /** All in order, some at a time: each piece contains whole records. */
  async *pieces(): AsyncGenerator<Buffer> {
    await this.#flush();
    const highWaterMark = Math.max(1, Math.floor(PIECE_BYTES / this.#bytes)) * this.#bytes;
    let rest: Buffer = Buffer.alloc(0);
    for await (const read of createReadStream(partialPath(this.#file.path), { highWaterMark })) {
      const all = rest.length > 0 ? Buffer.concat([rest, read as Buffer]) : (read as Buffer);
      const whole = all.length - (all.length % this.#bytes);
      rest = all.subarray(whole);
      if (whole > 0) yield all.subarray(0, whole);
    }
  }

  async remove(): Promise<void> {
    this.#waiting = [];
    await this.#file.remove();
  }
}

/** Records of each person for the same frames. */
interface TimedRecords {
  readonly seconds: readonly number[];
  readonly people: readonly Buffer[];
}

/**
 * Records of equal length, one for each frame of each person, kept on disk until all people are known: the people of a
 * table are known only at its end. A person who arrives later gets empty records for the frames before.
 */
export class PersonRecords {
  readonly #path: string;
  readonly #bytes: number;
  readonly #recordOf: (person: TablePerson | undefined) => Uint8Array;
  readonly #people = new Map<number, Records>();
  #times: Records | undefined;
  #frames = 0;

  /**
   * @param path of the file made from them: the working files are named after it
   * @param bytes of each record
   * @param recordOf makes a person's record, or an empty one; called once per frame and person
   */
  constructor(path: string, bytes: number, recordOf: (person: TablePerson | undefined) => Uint8Array) {
    this.#path = path;
    this.#bytes = bytes;
    this.#recordOf = recordOf;
  }

  /** Frames so far: each person has this many records. */
  get frames(): number {
    return this.#frames;
  }

  /** Ids of all people so far, the lowest first. */
  get ids(): number[] {
    return [...this.#people.keys()].sort((a, b) => a - b);
  }

  /** @param seconds the frame's time */
  async write(seconds: number, people: readonly TablePerson[]): Promise<void> {
    this.#times ??= await Records.create(rowsFile(this.#path, 'nobody'), TIME_BYTES);
    const time = Buffer.alloc(TIME_BYTES);
    time.writeDoubleLE(seconds);
    await this.#times.add(time);
    for (const { personId } of people) if (!this.#people.has(personId)) await this.#begin(personId);
    this.#frames++;
    for (const [id, records] of this.#people) {
      await records.add(this.#recordOf(people.find(({ personId }) => personId === id)));
    }
  }

  /** The records of a person in order, some at a time: each piece contains whole records. */
  async *pieces(id: number): AsyncGenerator<Buffer> {
    const records = this.#people.get(id);
    if (records && this.#frames > 0) yield* records.pieces();
  }

  /** The time of each frame, in seconds. */
  async *times(): AsyncGenerator<number> {
    for await (const piece of this.#times?.pieces() ?? []) {
      for (let at = 0; at < piece.length; at += TIME_BYTES) yield piece.readDoubleLE(at);
    }
  }

  /**
   * The records of some people side by side, with the frames' times: the same number of each, in pieces.
   * @param most records of each person in a piece
   */
  async *together(ids: readonly number[], most: number): AsyncGenerator<TimedRecords> {
    const times = this.times();
    const readers = ids.map(id => new Pieces(this.pieces(id)));
    try {
      for (let left = this.#frames; left > 0; left -= most) {
        const count = Math.min(left, most);
        const people = await Promise.all(readers.map(reader => reader.take(count * this.#bytes)));
        const seconds: number[] = [];
        while (seconds.length < count) seconds.push((await times.next()).value as number);
        yield { seconds, people };
      }
    } finally {
      for (const reader of readers) await reader.end();
      await times.return(undefined);
    }
  }

  async remove(): Promise<void> {
    await settleAll([this.#times, ...this.#people.values()].map(records => records?.remove()));
  }

  async #begin(id: number): Promise<void> {
    const records = await Records.create(rowsFile(this.#path, id), this.#bytes);
    this.#people.set(id, records);
    const nobody = this.#recordOf(undefined);
    for (let frame = 0; frame < this.#frames; frame++) await records.add(nobody);
  }
}

/** Reads a fixed number of bytes at a time from a stream of pieces. */
class Pieces {
  readonly #pieces: AsyncGenerator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncGenerator<Buffer>) {
    this.#pieces = pieces;
  }

  async take(bytes: number): Promise<Buffer> {
    while (this.#rest.length < bytes) {
      const { done, value } = await this.#pieces.next();
      if (done) throw new RangeError(`${bytes - this.#rest.length} bytes of the records are not there`);
      this.#rest = Buffer.concat([this.#rest, value]);
    }
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return taken;
  }

  async end(): Promise<void> {
    await this.#pieces.return(undefined);
  }
}

/** The file of a person: contains the id if there are several. */
export function personPath(stem: string, suffix: string, id: number, people: number): string {
  return `${people > 1 ? personStem(stem, id) : stem}.${suffix}`;
}
