import { type ExportFacts, USUAL_CONFIDENCE } from '../../formats/export-facts.js';
import { sureness } from '../../formats/pose-of.js';
import { LANDMARK_NAMES } from '../../model/blazepose.js';
import type { TableLandmark } from '../../model/table-frame.js';
import { BodyHeight } from '../../signal/body-height.js';
import type { OpenSimFormat } from './opensim-file.js';
import { TRC_DECIMALS, trcHead, trcRow } from './trc-text.js';

type Place = (mark: TableLandmark) => readonly (number | undefined)[];

const negative = (value: number | undefined) => (value === undefined ? undefined : -value);

const AXES = [0, 1, 2] as const;

/** Writes rows of markers: empty cells for uncertain ones. */
function rowsOf({ minConfidence = USUAL_CONFIDENCE }: ExportFacts, place: Place): OpenSimFormat['row'] {
  return (index, timestamp, person) => {
    const cells = LANDMARK_NAMES.flatMap((_, id) => {
      const mark = person?.landmarks[id];
      const found = person && mark && sureness(person, mark) >= minConfidence ? place(mark) : [];
      return AXES.map(axis => found[axis]?.toFixed(TRC_DECIMALS) ?? '');
    });
    return trcRow(index, timestamp, cells);
  };
}

/**
 * OpenSim's marker file: world landmarks in metres, x to the picture's right, y up, z towards the camera, the middle of
 * the hips at 0. Time is each frame's own; the header's rate is that of frames without pauses. Frames without the
 * person have empty cells, and so have uncertain markers.
 */
export const worldTrc = (facts: ExportFacts): OpenSimFormat => ({
  suffix: 'trc',
  tellsRate: true,
  timeColumn: 1,
  head: facts => trcHead(facts, LANDMARK_NAMES),
  row: rowsOf(facts, ({ worldX, worldY, worldZ }) => [worldX, negative(worldY), negative(worldZ)]),
});

/**
 * The same from pixels, including a person's path through the picture. Metres from the person's height; x to the right
 * and y up from the picture's lower left corner, z towards the camera from the hips. One scale for all of a person's
 * frames: valid for a camera from the side, but not for a person who comes nearer.
 */
export function scaledTrc(personHeight: number, facts: ExportFacts): OpenSimFormat {
  const { display } = facts;
  const heights = new Map<number, BodyHeight>();
  const scales = new Map<number, number>();
  return {
    suffix: 'trc',
    tellsRate: true,
    timeColumn: 1,
    head: facts => trcHead(facts, LANDMARK_NAMES),
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
        cell === '' || Number.isNaN(Number(cell) * scale) ? '' : (Number(cell) * scale).toFixed(TRC_DECIMALS);
      const [index, time, ...cells] = line.split('\t');
      return trcRow(Number(index), Number(time), cells.map(metres));
    },
  };
}
