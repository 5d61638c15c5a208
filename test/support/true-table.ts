import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrueLandmark, Truth } from '../../samples/render/truth.js';
import { csvFormat } from '../../src/formats/csv-writer.js';
import { pairOf } from '../../src/model/body.js';
import type { TableLandmark, TablePerson } from '../../src/model/table-frame.js';
import { SAMPLES } from './reference-clips.js';

/** The truth of a clip. */
export async function truthOf(clip: string): Promise<Truth> {
  return JSON.parse(await readFile(join(SAMPLES, `${clip}.truth.json`), 'utf8')) as Truth;
}

/** Heels and toes, and the ankles above them: the floor hides points of a standing foot. */
const ANKLE_OF = new Map(
  (['heel', 'foot_index'] as const).flatMap(part => pairOf(part).map((id, side) => [id, pairOf('ankle')[side]!])),
);

/** A person from a tool without errors; invisible joints are uncertain. */
function personOf(
  landmarks: readonly TrueLandmark[],
  personId: number,
  { width }: Truth,
  picture: Pick<Truth, 'width' | 'height'>,
): TablePerson {
  const scale = picture.width / width;
  const [left, right] = pairOf('hip').map(id => landmarks[id]!);
  const fromHips = (of: 2 | 3 | 4) => (mark: TrueLandmark) => mark[of] - (left![of] + right![of]) / 2;
  const marks = landmarks.map((mark, id): TableLandmark => {
    const [xPx, yPx] = [mark[0] * scale, mark[1] * scale];
    const sure = landmarks[ANKLE_OF.get(id) ?? id]![5] === 0 ? 0.05 : 0.9;
    return {
      ...{ x: xPx / picture.width, y: yPx / picture.height, z: 0, xPx, yPx, visibility: sure, confidence: sure },
      ...{ worldX: fromHips(2)(mark), worldY: fromHips(3)(mark), worldZ: fromHips(4)(mark) },
    };
  });
  return { personId, status: 'tracked', strategy: 'original', score: 1, landmarks: marks };
}

/** The truth of a clip as a landmark table; for several, all in one picture. */
export async function trueTable(folder: string, ...clips: readonly string[]): Promise<string> {
  const truths = await Promise.all(clips.map(truthOf));
  const { head, lines } = csvFormat('long');
  const rows = truths[0]!.times.map((timestamp, frameId) => {
    const people = truths.flatMap(truth => truth.frames[frameId]!.map(landmarks => ({ truth, landmarks })));
    return lines({
      frameId,
      timestamp,
      people: people.map(({ truth, landmarks }, person) => personOf(landmarks, person, truth, truths[0]!)),
    });
  });
  const path = join(folder, `${clips.join('+')}.csv`);
  await writeFile(path, head + rows.join(''));
  return path;
}
