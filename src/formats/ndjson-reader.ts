import { LANDMARK_COUNT } from '../model/blazepose.js';
import { LANDMARK_COLUMNS, type TableFrame, type TableLandmark, type TablePerson } from '../model/table-frame.js';
import { invalid, readTexts } from './read-rows.js';
import { isId, isStatus, isStrategy, MOST_PEOPLE_IN_FRAME, shown } from './table-cells.js';
import { linesOf } from './text-pieces.js';

/** The line version that this reads; `formats/ndjson-writer.ts` writes it. */
const VERSION = 1;

/** The error in a line. */
class Wrong extends Error {}

/** Frames of an NDJSON file, one at a time. */
export async function* readNdjsonFrames(path: string): AsyncGenerator<TableFrame> {
  let line = 0;
  for await (const text of linesOf(readTexts(path))) {
    line++;
    const json = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (json.trim() === '') continue;
    try {
      yield frameOf(json);
    } catch (error) {
      throw error instanceof Wrong ? invalid(path, `line ${line}: ${error.message}`) : error;
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

function frameOf(json: string): TableFrame {
  const value = parsed(json);
  if (value.version !== VERSION)
    throw new Wrong(`format version ${shown(value.version)}, but this program reads ${VERSION}`);
  const { frame_id: frameId, people } = value;
  if (!isId(frameId)) throw new Wrong(`frame_id must be a whole number of at least 0, got ${shown(frameId)}`);
  const timestamp = numberIn(value, 'timestamp');
  if (timestamp === undefined) throw new Wrong('no timestamp');
  if (!Array.isArray(people)) throw new Wrong('no list of people');
  if (people.length > MOST_PEOPLE_IN_FRAME) throw new Wrong(`more than ${MOST_PEOPLE_IN_FRAME} people`);
  return { frameId, timestamp, people: people.map(person => personOf(object(person, 'a person'))) };
}

function parsed(json: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Wrong('not valid JSON'); // Or nested deeper than the parser goes.
  }
  return object(value, 'the line');
}

function personOf(person: Fields): TablePerson {
  const { person_id: personId, status = '', strategy = '', landmarks } = person;
  if (!isId(personId)) throw new Wrong(`person_id must be a whole number of at least 0, got ${shown(personId)}`);
  if (!isStatus(status)) throw new Wrong(`unknown status ${shown(status)}`);
  if (!isStrategy(strategy)) throw new Wrong(`strategy must be a short name, got ${shown(strategy)}`);
  if (!Array.isArray(landmarks) || landmarks.length !== LANDMARK_COUNT) {
    throw new Wrong(`a person must have ${LANDMARK_COUNT} landmarks`);
  }
  const score = numberIn(person, 'score');
  return {
    personId,
    status,
    strategy,
    score,
    landmarks: landmarks.map(mark => landmarkOf(object(mark, 'a landmark'))),
  };
}

/** Written out: built from a list of its keys it takes several times as long. */
function landmarkOf(mark: Fields): TableLandmark {
  return {
    x: numberIn(mark, LANDMARK_COLUMNS.x),
    y: numberIn(mark, LANDMARK_COLUMNS.y),
    z: numberIn(mark, LANDMARK_COLUMNS.z),
    visibility: numberIn(mark, LANDMARK_COLUMNS.visibility),
    xPx: numberIn(mark, LANDMARK_COLUMNS.xPx),
    yPx: numberIn(mark, LANDMARK_COLUMNS.yPx),
    worldX: numberIn(mark, LANDMARK_COLUMNS.worldX),
    worldY: numberIn(mark, LANDMARK_COLUMNS.worldY),
    worldZ: numberIn(mark, LANDMARK_COLUMNS.worldZ),
    confidence: numberIn(mark, LANDMARK_COLUMNS.confidence),
  };
}

function object(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Wrong(`${what} must be an object, got ${shown(value)}`);
}

/** Undefined if absent. */
function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Wrong(`${name} must be a number, got ${shown(value)}`);
}
