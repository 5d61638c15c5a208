import { LANDMARK_COLUMNS, type TableFrame, type TableLandmark } from './landmark-frame.js';
import { invalid, readTexts } from './read-rows.js';

/** The version of lines that this reads; `sinks/ndjson-format.ts` writes it. */
const VERSION = 1;

interface JsonPerson {
  person_id: number;
  status?: string;
  strategy?: string;
  score?: number;
  landmarks: Record<string, number | undefined>[];
}

const KEYS = Object.entries(LANDMARK_COLUMNS) as [keyof TableLandmark, string][];

/** Frames of an NDJSON file, one at a time. */
export async function* readNdjsonFrames(path: string): AsyncGenerator<TableFrame> {
  let rest = '';
  let line = 0;
  for await (const text of readTexts(path)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const json of lines) yield frameOf(path, json, ++line);
  }
  if (rest.trim() !== '') yield frameOf(path, rest, ++line);
}

function frameOf(path: string, json: string, line: number): TableFrame {
  let value: { version?: number; frame_id: number; timestamp: number; people: JsonPerson[] };
  try {
    value = JSON.parse(json);
  } catch {
    throw invalid(path, `line ${line} is no JSON`);
  }
  if (value?.version !== VERSION) throw invalid(path, `line ${line} is of version ${value?.version}, not ${VERSION}`);
  return {
    frameId: value.frame_id,
    timestamp: value.timestamp,
    people: value.people.map(({ person_id, status = '', strategy = '', score, landmarks }) => ({
      personId: person_id,
      status,
      strategy,
      score,
      landmarks: landmarks.map(
        mark => Object.fromEntries(KEYS.map(([key, name]) => [key, mark[name]])) as unknown as TableLandmark,
      ),
    })),
  };
}
