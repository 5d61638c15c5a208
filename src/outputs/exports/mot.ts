import { type ExportFacts, USUAL_CONFIDENCE } from '../../formats/export-facts.js';
import { sureness } from '../../formats/pose-of.js';
import type { LandmarkName } from '../../model/blazepose.js';
import { LANDMARK_IDS } from '../../model/body.js';
import type { TablePerson } from '../../model/table-frame.js';
import { OPENSIM_COORDINATES, openSimCoordinates } from '../../signal/opensim-coordinates.js';
import { Unwrapper } from '../../signal/unwrap.js';
import type { Vector } from '../../signal/vector.js';
import type { OpenSimFormat } from './opensim-file.js';

const TIME_DECIMALS = 6;
const DEGREE_DECIMALS = 4;

function placeOf(person: TablePerson, name: LandmarkName): Vector {
  const { worldX, worldY, worldZ } = person.landmarks[LANDMARK_IDS[name]] ?? {};
  return [worldX ?? Number.NaN, -(worldY ?? Number.NaN), -(worldZ ?? Number.NaN)];
}

function surenessOf(person: TablePerson, names: readonly LandmarkName[]): number {
  const marks = names.map(name => person.landmarks[LANDMARK_IDS[name]]);
  return Math.min(...marks.map(mark => (mark ? sureness(person, mark) : 0)));
}

/**
 * OpenSim's motion file: coordinates of its full-body models in degrees, from world landmarks
 * (`signal/opensim-coordinates.ts` documents their conventions), without jumps of whole turns; `nan` if unknown or
 * uncertain. World landmarks stay at the hips: there is no translation of the pelvis.
 */
export function mot({ minConfidence = USUAL_CONFIDENCE }: ExportFacts): OpenSimFormat {
  const series = new Map<number, readonly Unwrapper[]>();
  return {
    suffix: 'mot',
    tellsRate: false,
    timeColumn: 0,
    head: ({ name, frames }) =>
      [
        name,
        'version=1',
        `nRows=${frames}`,
        `nColumns=${OPENSIM_COORDINATES.length + 1}`,
        'inDegrees=yes',
        '',
        'endheader',
        ['time', ...OPENSIM_COORDINATES].join('\t'),
        '',
      ].join('\n'),
    row(_, timestamp, person) {
      const own = (person && series.get(person.personId)) ?? OPENSIM_COORDINATES.map(() => new Unwrapper());
      if (person) series.set(person.personId, own);
      const found = person ? openSimCoordinates(name => placeOf(person, name)) : [];
      const cells = OPENSIM_COORDINATES.map((__, i) => {
        const { degrees, landmarks = [] } = found[i] ?? {};
        const isSure = person && surenessOf(person, landmarks) >= minConfidence;
        return own[i]?.next(isSure ? degrees : undefined)?.toFixed(DEGREE_DECIMALS) ?? 'nan';
      });
      return [timestamp.toFixed(TIME_DECIMALS), ...cells].join('\t');
    },
  };
}
