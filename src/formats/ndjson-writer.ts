import { LANDMARK_NAMES } from '../model/blazepose.js';
import { LANDMARK_COLUMNS, type TableFrame, type TableLandmark, type TablePerson } from '../model/table-frame.js';
import type { LineFormat } from './line-format.js';
import { statusOfFrame } from './result-of.js';

/** Version of a line's layout; increases when the meaning of a field changes. `ndjson-schema.ts` describes it. */
export const NDJSON_VERSION = 1;

const KEYS = Object.keys(LANDMARK_COLUMNS) as (keyof TableLandmark)[];

/** One JSON object per frame, one per line, with the numbers of the table. */
export function ndjsonFormat(): LineFormat {
  return { head: '', lines: frame => `${JSON.stringify(frameObject(frame))}\n` };
}

function frameObject(frame: TableFrame): object {
  return {
    version: NDJSON_VERSION,
    frame_id: frame.frameId,
    timestamp: frame.timestamp,
    status: statusOfFrame(frame),
    people: frame.people.map(personObject),
  };
}

function personObject({ personId, status, strategy, score, landmarks }: TablePerson): object {
  return { person_id: personId, status, strategy, score, landmarks: landmarks.map(landmarkObject) };
}

/** An absent value has no field. */
function landmarkObject(landmark: TableLandmark, id: number): object {
  const numbers = KEYS.map(key => [LANDMARK_COLUMNS[key], landmark[key]]).filter(([, value]) => value !== undefined);
  return { name: LANDMARK_NAMES[id], ...Object.fromEntries(numbers) };
}
