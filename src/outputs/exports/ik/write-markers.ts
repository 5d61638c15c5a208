import { LANDMARK_NAMES } from '../../../model/blazepose.js';
import { localLine, type TimedValue } from '../../../signal/picture-scale.js';
import { minus, type Vector } from '../../../signal/vector.js';
import type { TextFile } from '../text-file.js';
import { TRC_DECIMALS, trcHead, trcRow } from '../trc-text.js';
import { IK_MARKERS } from './markers.js';
import type { PersonFrames } from './person-frames.js';

/**
 * The scale follows the person's distance, which changes slowly. The network's metres also shrink and grow with the
 * pose, within a second or two: over several seconds that averages out.
 */
const SCALE_HALF_WINDOW_SECONDS = 4;
/** Hip height in Pose2Sim's model, used if the feet are not seen. */
const MODEL_HIP_HEIGHT = 0.94;

/**
 * The transformation of markers to OpenSim's space: x forward, y up, z to the person's right, like the model's own
 * axes.
 */
export interface Placement {
  /** Number of rotations of the scene by 90 degrees about the vertical, 0-3, that make the person face forward. */
  readonly quarterTurns: number;
  /** Factor for the network's metres. */
  readonly factor: number;
  /** Metres to subtract from x, y and z after the rotation. */
  readonly offset: Vector;
}

/** Puts a person on the ground and at 0, facing forward, in the frames used to scale the model. */
export function placementOf(frames: PersonFrames, personHeight: number | undefined): Placement {
  const { scaling, height, mirror } = frames;
  const [x, z] = [scaling.mean(({ left }) => left[0]), scaling.mean(({ left }) => left[2])];
  // Forward is left rotated by 90 degrees; a rotation about y takes z to x.
  const heading = Math.atan2(x, -z);
  const quarterTurns = Number.isNaN(heading) ? 0 : (Math.round(heading / (Math.PI / 2)) + 4) % 4;
  const measured = height.value;
  const factor = personHeight === undefined || measured === undefined ? 1 : (personHeight * 1000) / measured;
  const hips = [scaling.mean(frame => frame.hips[0]) * mirror, scaling.mean(frame => frame.hips[1])] as const;
  const ground = scaling.mean(frame => frame.ground);
  const floor = Number.isNaN(ground) ? hips[1] - MODEL_HIP_HEIGHT / factor : ground;
  const place: Vector = [known(hips[0]) * factor, known(floor) * factor, 0];
  return { quarterTurns, factor, offset: turned(place, quarterTurns) };
}

const known = (value: number) => (Number.isNaN(value) ? 0 : value);

/** Rotates a point about the vertical by a number of 90-degree steps. */
function turned([x, y, z]: Vector, quarterTurns: number): Vector {
  if (quarterTurns === 0) return [x, y, z];
  return turned([z, y, -x], quarterTurns - 1);
}

/** Writes a person's TRC. @param head its name, and frames per second */
export async function writeMarkers(
  frames: PersonFrames,
  { quarterTurns, factor, offset }: Placement,
  { name, rate }: { readonly name: string; readonly rate: number },
  file: TextFile,
): Promise<void> {
  const head = { name, frames: frames.count, rate };
  await file.add(
    trcHead(
      head,
      IK_MARKERS.map(marker => marker.name),
    ),
  );
  const deepened = frames.lengths.corrector();
  let index = 0;
  for await (const { time, metresPerPixel, cells } of smoothed(frames.rows)) {
    const points = deepened(pointsOf(cells, metresPerPixel * frames.mirror, metresPerPixel));
    const places = IK_MARKERS.flatMap(({ id }) => {
      const point = points[id];
      if (!point) return ['', '', ''];
      const [x, y, z] = point;
      const place = turned([x * factor, y * factor, z * factor], quarterTurns);
      return minus(place, offset).map(value => value.toFixed(TRC_DECIMALS));
    });
    await file.add(`${trcRow(++index, time, places)}\n`);
  }
}

/** The points of a row by landmark id, in the network's metres. @param acrossX metres per pixel, with a sign */
function pointsOf(cells: readonly string[], acrossX: number, metresPerPixel: number): (Vector | undefined)[] {
  const points: (Vector | undefined)[] = LANDMARK_NAMES.map(() => undefined);
  for (const [i, { id }] of IK_MARKERS.entries()) {
    const [x = '', y = '', z = ''] = cells.slice(3 * i, 3 * i + 3);
    if (x !== '') points[id] = [Number(x) * acrossX, Number(y) * metresPerPixel, Number(z)];
  }
  return points;
}

interface SmoothedRow {
  readonly time: number;
  readonly metresPerPixel: number;
  /** x, y and z of each marker: pixels, and metres of depth. */
  readonly cells: readonly string[];
}

/** The rows of a person with a scale that changes slowly; holds the scales of some seconds. */
async function* smoothed(rows: TextFile): AsyncGenerator<SmoothedRow> {
  const ahead = rows.lines();
  const window: TimedValue[] = [];
  try {
    for await (const line of rows.lines()) {
      const [first, , ...cells] = line.split('\t');
      const time = Number(first);
      while ((window.at(-1)?.time ?? time) <= time + SCALE_HALF_WINDOW_SECONDS) {
        const next = await ahead.next();
        if (next.done) break;
        const [t, logScale] = next.value.split('\t', 2);
        window.push({ time: Number(t), value: Number(logScale) });
      }
      while (window[0] && window[0].time < time - SCALE_HALF_WINDOW_SECONDS) window.shift();
      yield { time, metresPerPixel: Math.exp(localLine(window, time, SCALE_HALF_WINDOW_SECONDS)), cells };
    }
  } finally {
    await ahead.return(undefined);
  }
}
