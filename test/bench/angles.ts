/** `npm run bench:angles`: 2D joint angles compared with those of the samples' truth. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyzeVideo } from '../../src/index.js';
import type { Pose } from '../../src/model/pose.js';
import { ANGLE_NAMES, type Angle, anglesOf } from '../../src/signal/angles.js';
import { SAMPLES } from '../support/reference-clips.js';
import { type BenchRow, median, reportBench } from './bench-report.js';

const CLIPS = [
  'squat',
  'sit',
  'push-up',
  'wave',
  'walk-towards',
  'turn',
  'portrait',
  'variable-rate',
  'with-audio',
  'cartwheel',
  'upside-down',
];
const SIDE_ON = ['squat', 'sit', 'push-up'];
const SEEN = 2;

interface Truth {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly (readonly (readonly [
    x: number,
    y: number,
    cx: number,
    cy: number,
    cz: number,
    sight: number,
  ][])[])[];
}

/** The truth as a pose: pixels, and metres in the camera's axes. */
function poseOf(points: Truth['frames'][number][number], { width, height }: Truth): Pose {
  return {
    landmarks: points.map(([x, y, , , , sight]) => ({
      x: x / width,
      y: y / height,
      z: 0,
      visibility: sight === SEEN ? 1 : 0,
    })),
    worldLandmarks: points.map(([, , x, y, z]) => ({ x, y, z })),
  };
}

/**
 * For each joint: the errors of 2D and 3D angles relative to the true angle in space, by how far the plane is rotated.
 */
const byPlane = new Map<string, { flat: number[]; space: number[]; plane: number[] }>();
const PLANES = [30, 90] as const;

function countByPlane(name: string, truth: Angle, found: Angle): void {
  const limit = PLANES.find(most => (found.planeDegrees ?? Number.NaN) <= most);
  if (limit === undefined || truth.degrees3d === undefined || truth.planeDegrees === undefined) return;
  const key = `${name.replace(/^(left|right)_/, '')} ${limit}`;
  const entry = byPlane.get(key) ?? { flat: [], space: [], plane: [] };
  byPlane.set(key, entry);
  // In 2D an angle may have the other sign if the person is seen from the front: absolute values are compared.
  const size = Math.abs(truth.degrees3d);
  if (found.degrees2d !== undefined) entry.flat.push(Math.abs(Math.abs(found.degrees2d) - size));
  if (found.degrees3d !== undefined) entry.space.push(Math.abs(Math.abs(found.degrees3d) - size));
  entry.plane.push(Math.abs(truth.planeDegrees - (found.planeDegrees ?? 0)));
}

const errors = new Map<string, { flat: number[]; space: number[] }>();
const perClip: object[] = [];
for (const clip of CLIPS) {
  const truth = JSON.parse(await readFile(join(SAMPLES, `${clip}.truth.json`), 'utf8')) as Truth;
  const own = new Map<string, number[]>();
  for await (const { frameId, people } of analyzeVideo(join(SAMPLES, `${clip}.mp4`), { every: 3 })) {
    const points = truth.frames[frameId]?.[0];
    const person = people[0];
    if (!points || !person) continue;
    const [wanted, found] = [anglesOf(poseOf(points, truth), truth), anglesOf(person.pose, truth)];
    for (const [at, name] of ANGLE_NAMES.entries()) {
      const [a, b] = [wanted[at], found[at]];
      if (!a || !b || a.confidence < 1) continue;
      countByPlane(name, a, b);
      const entry = errors.get(`${clip} ${name}`) ?? { flat: [], space: [] };
      errors.set(`${clip} ${name}`, entry);
      if (a.degrees2d !== undefined && b.degrees2d !== undefined) {
        entry.flat.push(off(a.degrees2d, b.degrees2d));
        own.set(name, [...(own.get(name) ?? []), off(a.degrees2d, b.degrees2d)]);
      }
      if (a.degrees3d !== undefined && b.degrees3d !== undefined) entry.space.push(off(a.degrees3d, b.degrees3d));
    }
  }
  perClip.push({ clip, medians: Object.fromEntries([...own].map(([name, list]) => [name, median(list)])) });
}

/** Degrees between two angles, the shorter way around. */
function off(a: number, b: number): number {
  const apart = Math.abs(a - b) % 360;
  return Math.min(apart, 360 - apart);
}

function summary(clips: readonly string[], fits: (name: string) => boolean, kind: 'flat' | 'space'): number[] {
  return [...errors].flatMap(([key, lists]) => {
    const [clip = '', name = ''] = key.split(' ');
    return clips.includes(clip) && fits(name) ? lists[kind] : [];
  });
}

const rows: BenchRow[] = [];
for (const joint of ['knee', 'hip', 'elbow']) {
  const middle = median(summary(SIDE_ON, name => name.endsWith(`_${joint}`), 'flat'));
  rows.push({
    what: `${joint}, ${SIDE_ON.join(', ')}`,
    figure: `median ${middle.toFixed(1)} degrees`,
    bar: 'at most 5',
    reached: middle <= 5,
    data: { middle },
  });
}
for (const name of [
  'ankle',
  'knee',
  'hip',
  'shoulder',
  'elbow',
  'wrist',
  'trunk',
  'pelvis',
  'shoulder_girdle',
  'neck',
  'segment',
]) {
  const fits = (other: string) => other === name || other.endsWith(`_${name}`);
  const [flat, space] = (['flat', 'space'] as const).map(kind => median(summary(CLIPS, fits, kind)));
  rows.push({
    what: `${name}, all ${CLIPS.length} clips`,
    figure: `median ${flat?.toFixed(1)} degrees (2D, image plane), ${space?.toFixed(1)} in space`,
    bar: 'reported',
    reached: true,
    data: { flat, space },
  });
}
for (const [key, { flat, space, plane }] of [...byPlane].sort()) {
  const [name = '', limit = ''] = key.split(' ');
  if (!['ankle', 'knee', 'hip', 'shoulder', 'elbow', 'trunk'].includes(name)) continue;
  const [inPicture, inSpace, ofPlane] = [flat, space, plane].map(median);
  rows.push({
    what: `${name} against the true angle in space, plane turned by at most ${limit}`,
    figure: `${flat.length} values: median ${inPicture?.toFixed(1)} in the picture, ${inSpace?.toFixed(1)} in space; plane off by ${ofPlane?.toFixed(1)}`,
    bar: 'measured',
    reached: true,
    data: { inPicture, inSpace, ofPlane, count: flat.length },
  });
}
reportBench(
  'angles',
  rows.map((row, i) => (i === 0 ? { ...row, data: { perClip } } : row)),
);
