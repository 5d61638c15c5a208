import { LANDMARK_NAMES } from '../model/blazepose.js';
import { LANDMARK_COLUMNS, type TableFrame, type TableLandmark, type TablePerson } from '../model/table-frame.js';
import { invalid, openCsv } from './read-rows.js';
import type { RowCells } from './row-cells.js';
import { isStatus, isStrategy, MOST_PEOPLE_IN_FRAME, shown } from './table-cells.js';

/** Positions of a landmark's cells in a row. */
type Places = Readonly<Record<keyof TableLandmark, number>>;

const KEYS = Object.keys(LANDMARK_COLUMNS) as (keyof TableLandmark)[];

/** Positions of columns by name, in any order. */
class Columns {
  readonly #path: string;
  readonly #at: ReadonlyMap<string, number>;

  constructor(path: string, names: readonly string[]) {
    this.#path = path;
    this.#at = new Map(names.map((name, at) => [name.trim(), at]));
  }

  /** -1 if the column is absent. */
  find(name: string): number {
    return this.#at.get(name) ?? -1;
  }

  /** @throws BodyscriptError `TABLE_INVALID` */
  need(name: string): number {
    const at = this.find(name);
    if (at < 0) throw invalid(this.#path, `it has no column "${name}"`);
    return at;
  }

  /** @param prefix of the wide table: `left_wrist_` */
  places(prefix: string): Places {
    const entries = KEYS.map(key => [key, this.find(`${prefix}${LANDMARK_COLUMNS[key]}`)] as const);
    return Object.fromEntries(entries) as Places;
  }
}

/** Columns of both layouts. */
interface Common {
  readonly frameId: number;
  readonly timestamp: number;
  readonly personId: number;
  readonly status: number;
  readonly strategy: number;
  readonly score: number;
}

/**
 * Takes a row's part of a person: one landmark from the long table, all from the wide one.
 * @returns false if it is already present; otherwise the error in the row, if any
 */
type ReadLandmarks = (row: RowCells, into: TableLandmark[]) => boolean | string;

interface GrowingPerson extends Omit<TablePerson, 'landmarks'> {
  readonly landmarks: TableLandmark[];
}

interface GrowingFrame {
  readonly frameId: number;
  readonly timestamp: number;
  readonly people: GrowingPerson[];
}

/** Frames of a landmark table, long or wide, one at a time. */
export async function* readCsvFrames(path: string): AsyncGenerator<TableFrame> {
  await using csv = await openCsv(path);
  const columns = new Columns(path, csv.columns);
  const common: Common = {
    frameId: columns.need('frame_id'),
    timestamp: columns.need('timestamp'),
    personId: columns.find('person_id'),
    status: columns.find('status'),
    strategy: columns.find('strategy'),
    score: columns.find('score'),
  };
  const readLandmarks = columns.find('landmark_id') >= 0 ? longReader(columns) : wideReader(columns);
  const frames = new FrameBuilder(common, readLandmarks);
  for await (const rows of csv.batches()) {
    for (let line = rows.firstLine; rows.next(); line++) {
      const ended = frames.add(rows);
      if (ended) yield ended;
      if (frames.wrong !== undefined) throw invalid(path, `line ${line}: ${frames.wrong}`);
    }
  }
  if (frames.last) yield frames.last;
}

/** Assembles rows into frames. */
class FrameBuilder {
  readonly #common: Common;
  readonly #readLandmarks: ReadLandmarks;
  /** The frame to which further rows may belong. */
  last: GrowingFrame | undefined;
  /** The error in the last row. */
  wrong: string | undefined;

  constructor(common: Common, readLandmarks: ReadLandmarks) {
    this.#common = common;
    this.#readLandmarks = readLandmarks;
  }

  /** @returns the frame that ended with the row before */
  add(row: RowCells): GrowingFrame | undefined {
    const before = this.last;
    const frameId = row.id(this.#common.frameId);
    if (frameId === undefined || frameId !== before?.frameId) {
      this.#begin(row, frameId);
      return before;
    }
    const fits = addRow(before, row, this.#common, this.#readLandmarks);
    if (typeof fits === 'string') this.wrong = fits;
    if (fits !== false) return undefined;
    // A person's row occurs twice: so does the frame.
    this.#fill({ frameId, timestamp: before.timestamp, people: [] }, row);
    return before;
  }

  #begin(row: RowCells, frameId: number | undefined): void {
    const timestamp = row.number(this.#common.timestamp);
    if (frameId === undefined || timestamp === undefined) this.wrong = withoutTime(row, this.#common);
    else this.#fill({ frameId, timestamp, people: [] }, row);
  }

  #fill(frame: GrowingFrame, row: RowCells): void {
    const fits = addRow(frame, row, this.#common, this.#readLandmarks);
    if (typeof fits === 'string') this.wrong = fits;
    this.last = frame;
  }
}

function withoutTime(row: RowCells, { frameId, timestamp }: Common): string {
  return `frame_id and timestamp must be numbers, got ${shown(row.text(frameId))} and ${shown(row.text(timestamp))}`;
}

/** @returns false if the frame already has that row; otherwise the error in the row, if any */
function addRow(frame: GrowingFrame, row: RowCells, common: Common, readLandmarks: ReadLandmarks): boolean | string {
  const status = row.text(common.status);
  if (status === 'missing' || (common.personId >= 0 && row.isEmpty(common.personId))) return true;
  const personId = common.personId < 0 ? 0 : row.id(common.personId);
  if (personId === undefined)
    return `person_id must be a whole number of at least 0, got ${shown(row.text(common.personId))}`;
  let person = frame.people.find(other => other.personId === personId);
  if (!person) {
    const strategy = row.text(common.strategy);
    if (!isStatus(status)) return `status must be detected, tracked, missing or filled, got ${shown(status)}`;
    if (!isStrategy(strategy)) return `strategy must be a short name, got ${shown(strategy)}`;
    if (frame.people.length >= MOST_PEOPLE_IN_FRAME) return `the frame has more than ${MOST_PEOPLE_IN_FRAME} people`;
    person = { personId, status, strategy, score: row.number(common.score), landmarks: [] };
    frame.people.push(person);
  }
  return readLandmarks(row, person.landmarks);
}

function longReader(columns: Columns): ReadLandmarks {
  const at = columns.need('landmark_id');
  columns.need('x');
  const places = columns.places('');
  return (row, into) => {
    const id = row.id(at);
    if (id === undefined || id >= LANDMARK_NAMES.length) return `unknown landmark ${shown(row.text(at))}`;
    if (into[id]) return false;
    into[id] = landmark(row, places);
    return true;
  };
}

function wideReader(columns: Columns): ReadLandmarks {
  columns.need(`${LANDMARK_NAMES[0]}_x`);
  const all = LANDMARK_NAMES.map(name => columns.places(`${name}_`));
  return (row, into) => {
    if (into.length > 0) return false;
    for (const [id, places] of all.entries()) into[id] = landmark(row, places);
    return true;
  };
}

function landmark(row: RowCells, at: Places): TableLandmark {
  return {
    x: row.number(at.x),
    y: row.number(at.y),
    z: row.number(at.z),
    visibility: row.number(at.visibility),
    xPx: row.number(at.xPx),
    yPx: row.number(at.yPx),
    worldX: row.number(at.worldX),
    worldY: row.number(at.worldY),
    worldZ: row.number(at.worldZ),
    confidence: row.number(at.confidence),
  };
}
