import { LANDMARK_NAMES, type LandmarkName } from '../model/blazepose.js';
import { type Kind, read } from './kinds.js';

/** Ends of a line in the picture, in pixels. */
export interface Line {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Minimum distance of two points: closer ones give neither direction nor scale. */
const LEAST_PIXELS = 10;
/** Steepest ground line, in degrees. */
const STEEPEST_DEGREES = 45;
/** Range of pixels per metre: from a tiny person to a close-up of a hand. */
const PX_PER_METRE = [5, 20_000] as const;

function numbers(text: string, count: number): number[] {
  const parts = text.split(',');
  const values = parts.map(Number);
  if (parts.length !== count || parts.some(part => part.trim() === '') || !values.every(Number.isFinite)) {
    throw new RangeError(text);
  }
  return values;
}

function lineOf([x1 = 0, y1 = 0, x2 = 0, y2 = 0]: readonly number[]): Line {
  if (Math.hypot(x2 - x1, y2 - y1) < LEAST_PIXELS) throw new RangeError('points coincide');
  return { x1, y1, x2, y2 };
}

function scaleOf(pxPerMetre: number): number {
  if (!(pxPerMetre >= PX_PER_METRE[0] && pxPerMetre <= PX_PER_METRE[1])) throw new RangeError(String(pxPerMetre));
  return pxPerMetre;
}

const RANGE = `${PX_PER_METRE[0]}-${PX_PER_METRE[1]}`;

/** Pixels in a metre. */
export function pixelScale(): Kind<number> {
  return read(text => scaleOf(numbers(text, 1)[0] as number), `${RANGE} pixels per metre`);
}

/** Two points and the metres between them. */
export function calibration(): Kind<{ readonly line: Line; readonly metres: number }> {
  return read(text => {
    const values = numbers(text, 5);
    const [line, metres = 0] = [lineOf(values), values[4]];
    scaleOf(Math.hypot(line.x2 - line.x1, line.y2 - line.y1) / metres);
    return { line, metres };
  }, `x1,y1,x2,y2,metres with points at least ${LEAST_PIXELS} px apart and ${RANGE} px per metre`);
}

/** Two points on a level line. */
export function levelLine(): Kind<Line> {
  return read(text => {
    const line = lineOf(numbers(text, 4));
    const [across, down] = [Math.abs(line.x2 - line.x1), Math.abs(line.y2 - line.y1)];
    if ((Math.atan2(down, across) * 180) / Math.PI > STEEPEST_DEGREES) throw new RangeError(text);
    return line;
  }, `x1,y1,x2,y2 with points at least ${LEAST_PIXELS} px apart and at most ${STEEPEST_DEGREES} degrees from horizontal`);
}

/** Two different joints. */
export function jointPair(): Kind<readonly [LandmarkName, LandmarkName]> {
  return read(text => {
    const [from, to, ...more] = text.split(',').map(name => LANDMARK_NAMES.find(known => known === name.trim()));
    if (!from || !to || from === to || more.length > 0) throw new RangeError(text);
    return [from, to] as const;
  }, 'two different joints, e.g. left_heel,right_heel ("bodyscript help csv" lists them all)');
}
