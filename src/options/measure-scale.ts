import { UsageError } from '../errors.js';
import type { MEASURE } from './measure-table.js';
import { COMMAND_LINE, type Resolved } from './resolve.js';

const SCALES = ['personHeight', 'scale', 'calibrate'] as const;

type Choice =
  | { readonly kind: 'given'; readonly pxPerMetre: number }
  | {
      readonly kind: 'line';
      readonly line: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
      readonly metres: number;
    }
  | { readonly kind: 'stature'; readonly metres: number };

/**
 * The source of the scale: the command line, otherwise variables. @throws UsageError if no option sets it, or two do
 */
export function chosenScale({ values, origins, isGiven }: Resolved<typeof MEASURE>): Choice {
  const given = SCALES.filter(isGiven);
  const onLine = given.filter(name => origins[name]?.source === COMMAND_LINE);
  const [first, second] = onLine.length > 0 ? onLine : given;
  if (first && second) {
    throw new UsageError(
      `${origins[first]?.name} and ${origins[second]?.name}: both set the scale`,
      'Give only the more reliable one.',
    );
  }
  const { personHeight, scale, calibrate } = values;
  if (first === 'personHeight' && personHeight !== undefined) return { kind: 'stature', metres: personHeight };
  if (first === 'scale' && scale !== undefined) return { kind: 'given', pxPerMetre: scale };
  if (first === 'calibrate' && calibrate) return { kind: 'line', ...calibrate };
  throw new UsageError(
    'no scale given: the length of a metre in pixels is unknown',
    'Add --person-height 1.75, --calibrate x1,y1,x2,y2,METRES or --scale PIXELS (see "bodyscript help metres").',
  );
}
