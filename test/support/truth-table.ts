import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrueLandmark, Truth } from '../../samples/render/truth.js';
import { csvFormat } from '../../src/formats/csv-writer.js';
import { pairOf } from '../../src/model/body.js';
import type { TableLandmark, TablePerson } from '../../src/model/table-frame.js';
import { SAMPLES } from './reference-clips.js';

export async function readTruth(sample: string): Promise<Truth> {
  return JSON.parse(await readFile(join(SAMPLES, `${sample}.truth.json`), 'utf8')) as Truth;
}

/** How to change a truth while writing it to a table. */
export interface TruthChange {
  /** For each frame, in seconds. */
  readonly timeOf?: (seconds: number, frame: number) => number;
  /** 0-1, by landmark. */
  readonly confidenceOf?: (id: number, frame: number) => number;
  /** In pixels. */
  readonly placeOf?: (x: number, y: number) => readonly [x: number, y: number];
}

/** Writes the results of a tool without errors on a sample. */
export async function writeTruthTable(truth: Truth, path: string, change: TruthChange = {}): Promise<void> {
  const { head, lines } = csvFormat('long');
  const { timeOf = seconds => seconds } = change;
  const rows = truth.times.map((seconds, frameId) =>
    lines({
      frameId,
      timestamp: timeOf(seconds, frameId),
      people: truth.frames[frameId]!.map((marks, personId) => personOf(marks, personId, frameId, truth, change)),
    }),
  );
  await writeFile(path, head + rows.join(''));
}

function personOf(
  marks: readonly TrueLandmark[],
  personId: number,
  frame: number,
  { width, height }: Truth,
  { confidenceOf = () => 0.9, placeOf = (x, y) => [x, y] }: TruthChange,
): TablePerson {
  const middle = (of: 2 | 3 | 4) => pairOf('hip').reduce((sum, id) => sum + marks[id]![of] / 2, 0);
  const [x, y, z] = [middle(2), middle(3), middle(4)];
  const landmarks = marks.map((mark, id): TableLandmark => {
    const [xPx, yPx] = placeOf(mark[0], mark[1]);
    const sure = confidenceOf(id, frame);
    return {
      ...{ x: xPx / width, y: yPx / height, z: 0, xPx, yPx, visibility: sure, confidence: sure },
      ...{ worldX: mark[2] - x, worldY: mark[3] - y, worldZ: mark[4] - z },
    };
  });
  return { personId, status: 'tracked', strategy: 'original', score: 1, landmarks };
}

/** Pixels per metre at the distance of a person's hips, the mean of all frames. */
export function truePixelsPerMetre(
  { height, verticalFieldOfViewDegrees: angle, frames }: Truth,
  person: number,
): number {
  const focal = height / 2 / Math.tan((angle * Math.PI) / 360);
  const [left] = pairOf('hip');
  return focal / (frames.reduce((sum, people) => sum + people[person]![left]![4], 0) / frames.length);
}

/** Positions of the middle of a person's hips in metres, across the picture and up. */
export function trueHips({ frames }: Truth, person: number): { readonly along: number[]; readonly up: number[] } {
  const middle = (of: 2 | 3) =>
    frames.map(people => pairOf('hip').reduce((sum, id) => sum + people[person]![id]![of] / 2, 0));
  return { along: middle(2), up: middle(3).map(down => -down) };
}
