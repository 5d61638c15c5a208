import { basename } from 'node:path';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { ANGLE_NAMES, anglesOf } from '../signal/angles.js';
import { poseOf } from '../tables/pose-of.js';
import { readLandmarks } from '../tables/read-landmarks.js';
import type { TableFacts } from './scan.js';

const DECIMALS = 6;
const DEGREE_DECIMALS = 4;
/** Angles of joints: those of segments are none of a model's coordinates. */
const COORDINATES = ANGLE_NAMES.filter(name => !name.endsWith('_segment'));

/**
 * OpenSim's marker file: world landmarks in metres, x to the picture's right, y up, z towards the camera, the middle of the hips at 0. Time is each frame's own; the header's rate is the average.
 * Frames without the person have empty cells.
 */
export async function* trcLines(
  input: string,
  person: number,
  facts: TableFacts,
  name: string,
): AsyncGenerator<string> {
  const rate = facts.rate.toFixed(2);
  const header = [rate, rate, facts.frames, LANDMARK_NAMES.length, 'm', rate, 1, facts.frames];
  yield [
    ['PathFileType', 4, '(X/Y/Z)', basename(name)],
    [
      'DataRate',
      'CameraRate',
      'NumFrames',
      'NumMarkers',
      'Units',
      'OrigDataRate',
      'OrigDataStartFrame',
      'OrigNumFrames',
    ],
    header,
    ['Frame#', 'Time', ...LANDMARK_NAMES.flatMap(landmark => [landmark, '', ''])],
    ['', '', ...LANDMARK_NAMES.flatMap((_, i) => [`X${i + 1}`, `Y${i + 1}`, `Z${i + 1}`])],
    [],
  ]
    .map(cells => `${cells.join('\t')}\n`)
    .join('');
  let row = 0;
  for await (const { timestamp, people } of readLandmarks(input)) {
    const found = people.find(({ personId }) => personId === person);
    const places = LANDMARK_NAMES.flatMap((_, id) => {
      const mark = found?.landmarks[id];
      return [mark?.worldX, flipped(mark?.worldY), flipped(mark?.worldZ)].map(value => value?.toFixed(DECIMALS) ?? '');
    });
    yield `${[++row, timestamp.toFixed(DECIMALS), ...places].join('\t')}\n`;
  }
}

const flipped = (value: number | undefined) => (value === undefined ? undefined : -value);

/** OpenSim's motion file: the joint angles in space in degrees (`signal/angles.ts` has their conventions); `nan` where there is none. */
export async function* motLines(
  input: string,
  person: number,
  facts: TableFacts,
  name: string,
): AsyncGenerator<string> {
  yield [
    basename(name),
    'version=1',
    `nRows=${facts.frames}`,
    `nColumns=${COORDINATES.length + 1}`,
    'inDegrees=yes',
    '',
    'endheader',
    ['time', ...COORDINATES].join('\t'),
    '',
  ].join('\n');
  for await (const { timestamp, people } of readLandmarks(input)) {
    const found = people.find(({ personId }) => personId === person);
    const angles = found ? anglesOf(poseOf(found), { width: 1, height: 1 }) : [];
    const cells = COORDINATES.map(
      coordinate => angles.find(angle => angle.name === coordinate)?.degrees3d?.toFixed(DEGREE_DECIMALS) ?? 'nan',
    );
    yield `${[timestamp.toFixed(DECIMALS), ...cells].join('\t')}\n`;
  }
}
