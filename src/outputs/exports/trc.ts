import { type ExportFacts, USUAL_CONFIDENCE } from '../../formats/export-facts.js';
import { sureness } from '../../formats/pose-of.js';
import { LANDMARK_NAMES } from '../../model/blazepose.js';
import type { TableLandmark } from '../../model/table-frame.js';
import { BodyHeight } from '../../signal/body-height.js';
import type { HeadFacts, OpenSimFormat } from './opensim-file.js';

const DECIMALS = 6;
const FIRST_MARKER_COLUMN = 2;

function head({ name, frames, rate: average }: HeadFacts): string {
  const rate = average.toFixed(2);
  return [
    ['PathFileType', 4, '(X/Y/Z)', name],
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
    [rate, rate, frames, LANDMARK_NAMES.length, 'm', rate, 1, frames],
    ['Frame#', 'Time', ...LANDMARK_NAMES.flatMap(landmark => [landmark, '', ''])],
    ['', '', ...LANDMARK_NAMES.flatMap((_, i) => [`X${i + 1}`, `Y${i + 1}`, `Z${i + 1}`])],
    [],
  ]
    .map(cells => `${cells.join('\t')}\n`)
    .join('');
}

type Place = (mark: TableLandmark) => readonly (number | undefined)[];

const negative = (value: number | undefined) => (value === undefined ? undefined : -value);

const AXES = [0, 1, 2] as const;

/** Writes rows of markers: empty cells for those that are not sure. */
function rowsOf({ minConfidence = USUAL_CONFIDENCE }: ExportFacts, place: Place): OpenSimFormat['row'] {
  return (index, timestamp, person) => {
    const cells = LANDMARK_NAMES.flatMap((_, id) => {
      const mark = person?.landmarks[id];
      const found = person && mark && sureness(person, mark) >= minConfidence ? place(mark) : [];
      return AXES.map(axis => found[axis]?.toFixed(DECIMALS) ?? '');
    });
    return [index, timestamp.toFixed(DECIMALS), ...cells].join('\t');
  };
}

/**
 * OpenSim's marker file: world landmarks in metres, x to the picture's right, y up, z towards the camera, the middle of
 * the hips at 0. Time is each frame's own; the header's rate is the average. Frames without the person have empty
 * cells, and so have markers that are not sure.
 */
export const worldTrc = (facts: ExportFacts): OpenSimFormat => ({
  suffix: 'trc',
  timeColumn: 1,
  head,
  row: rowsOf(facts, ({ worldX, worldY, worldZ }) => [worldX, negative(worldY), negative(worldZ)]),
});

/**
 * The same from pixels: a person's way through the picture is in it. Metres by the person's height; x to the right and
 * y up from the picture's lower left corner, z towards the camera from the hips. One scale for all of a person's
 * frames: it holds for a camera from the side, and not for one who comes nearer.
 */
export function scaledTrc(personHeight: number, facts: ExportFacts): OpenSimFormat {
  const { display } = facts;
  const heights = new Map<number, BodyHeight>();
  const scales = new Map<number, number>();
  return {
    suffix: 'trc',
    timeColumn: 1,
    head,
    row: rowsOf(facts, ({ xPx, yPx, z }) => [
      xPx,
      yPx === undefined ? undefined : display.height - yPx,
      z === undefined ? undefined : -z * display.width,
    ]),
    observe(person) {
      const height = heights.get(person.personId) ?? new BodyHeight();
      heights.set(person.personId, height);
      height.add(person.landmarks.map(mark => ({ x: mark?.xPx ?? Number.NaN, y: mark?.yPx ?? Number.NaN })));
    },
    finishRow(person, line) {
      const scale = scales.get(person) ?? personHeight / (heights.get(person)?.value ?? Number.NaN);
      scales.set(person, scale);
      const metres = (cell: string) =>
        cell === '' || Number.isNaN(scale) ? '' : (Number(cell) * scale).toFixed(DECIMALS);
      return line
        .split('\t')
        .map((cell, column) => (column < FIRST_MARKER_COLUMN ? cell : metres(cell)))
        .join('\t');
    },
  };
}
