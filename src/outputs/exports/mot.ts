import { type ExportFacts, USUAL_CONFIDENCE } from '../../formats/export-facts.js';
import { personAngles } from '../../formats/person-angles.js';
import { ANGLE_NAMES } from '../../signal/angles.js';
import type { OpenSimFormat } from './opensim-file.js';

const TIME_DECIMALS = 6;
const DEGREE_DECIMALS = 4;
/** Angles of joints: those of segments are none of a model's coordinates. */
const COORDINATES = ANGLE_NAMES.filter(name => !name.endsWith('_segment'));

/**
 * OpenSim's motion file: the joint angles in space in degrees (`signal/angles.ts` has their conventions); `nan` where
 * there is none, or it is not sure.
 */
export const mot = ({ display, minConfidence = USUAL_CONFIDENCE }: ExportFacts): OpenSimFormat => ({
  suffix: 'mot',
  timeColumn: 0,
  head: ({ name, frames }) =>
    [
      name,
      'version=1',
      `nRows=${frames}`,
      `nColumns=${COORDINATES.length + 1}`,
      'inDegrees=yes',
      '',
      'endheader',
      ['time', ...COORDINATES].join('\t'),
      '',
    ].join('\n'),
  row(_, timestamp, person) {
    const found = person ? personAngles(person, display) : [];
    const sure = found.filter(({ confidence }) => confidence >= minConfidence);
    const angles = new Map(sure.map(({ name, degrees3d }) => [name, degrees3d]));
    const cells = COORDINATES.map(name => angles.get(name)?.toFixed(DEGREE_DECIMALS) ?? 'nan');
    return [timestamp.toFixed(TIME_DECIMALS), ...cells].join('\t');
  },
});
