import { LANDMARK_NAMES } from '../model/blazepose.js';
import { LANDMARK_COLUMNS, type TableFrame, type TableLandmark, type TablePerson } from './landmark-frame.js';
import { invalid, openCsv } from './read-rows.js';

/** Where the cells of a landmark stand in a row. */
type Places = Readonly<Record<keyof TableLandmark, number>>;

const KEYS = Object.keys(LANDMARK_COLUMNS) as (keyof TableLandmark)[];

/** Positions of columns by name, in whatever order they stand. */
class Columns {
  readonly #path: string;
  readonly #at: ReadonlyMap<string, number>;

  constructor(path: string, names: readonly string[]) {
    this.#path = path;
    this.#at = new Map(names.map((name, at) => [name.trim(), at]));
  }

  /** -1 where the column is not there. */
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

/** Columns that both layouts have. */
interface Common {
  readonly frameId: number;
  readonly timestamp: number;
  readonly personId: number;
  readonly status: number;
  readonly strategy: number;
  readonly score: number;
}

/** Takes a row's share of a person: one landmark of the long table, all of the wide one. @returns false where that is there already */
type ReadLandmarks = (row: readonly string[], into: TableLandmark[]) => boolean;

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
  const csv = await openCsv(path);
  const columns = new Columns(path, csv.columns);
  const common: Common = {
    frameId: columns.need('frame_id'),
    timestamp: columns.need('timestamp'),
    personId: columns.find('person_id'),
    status: columns.find('status'),
    strategy: columns.find('strategy'),
    score: columns.find('score'),
  };
  const readLandmarks = columns.find('landmark_id') >= 0 ? longReader(path, columns) : wideReader(columns);
  let frame: GrowingFrame | undefined;
  for await (const { rows, firstLine } of csv.batches()) {
    for (const [index, row] of rows.entries()) {
      const frameId = Number(row[common.frameId]);
      if (frameId !== frame?.frameId) {
        if (frame) yield frame;
        frame = { frameId, timestamp: Number(row[common.timestamp]), people: [] };
        if (Number.isNaN(frameId + frame.timestamp) || row[common.frameId] === '')
          throw invalid(path, `line ${firstLine + index} has no frame_id and timestamp`);
      }
      if (!addRow(frame, row, common, readLandmarks)) {
        // A person's row is there twice: so is the frame.
        yield frame;
        frame = { frameId, timestamp: frame.timestamp, people: [] };
        addRow(frame, row, common, readLandmarks);
      }
    }
  }
  if (frame) yield frame;
}

/** @returns false where the frame has that row already */
function addRow(frame: GrowingFrame, row: readonly string[], common: Common, readLandmarks: ReadLandmarks): boolean {
  const status = text(row, common.status);
  const id = text(row, common.personId);
  if (status === 'missing' || (common.personId >= 0 && id === '')) return true;
  const personId = id === '' ? 0 : Number(id);
  let person = frame.people.find(other => other.personId === personId);
  if (!person) {
    person = {
      personId,
      status,
      strategy: text(row, common.strategy),
      score: number(row, common.score),
      landmarks: [],
    };
    frame.people.push(person);
  }
  return readLandmarks(row, person.landmarks);
}

function longReader(path: string, columns: Columns): ReadLandmarks {
  const at = columns.need('landmark_id');
  columns.need('x');
  const places = columns.places('');
  return (row, into) => {
    const id = Number(row[at]);
    if (!(id >= 0 && id < LANDMARK_NAMES.length)) throw invalid(path, `there is no landmark ${row[at]}`);
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

function landmark(row: readonly string[], at: Places): TableLandmark {
  return {
    x: number(row, at.x),
    y: number(row, at.y),
    z: number(row, at.z),
    visibility: number(row, at.visibility),
    xPx: number(row, at.xPx),
    yPx: number(row, at.yPx),
    worldX: number(row, at.worldX),
    worldY: number(row, at.worldY),
    worldZ: number(row, at.worldZ),
    confidence: number(row, at.confidence),
  };
}

function text(row: readonly string[], at: number): string {
  return at < 0 ? '' : (row[at] as string);
}

/** What is no number counts as not there. */
function number(row: readonly string[], at: number): number | undefined {
  const cell = at < 0 ? '' : (row[at] as string);
  if (cell === '') return undefined;
  const value = Number(cell);
  return Number.isNaN(value) ? undefined : value;
}
