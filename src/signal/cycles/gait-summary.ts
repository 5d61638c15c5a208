import { SIDES, type Side } from '../../model/body.js';
import { meanAndDeviation } from './resample.js';
import type { Stride } from './strides.js';

/** Mean and standard deviation of some measurements; NaN without enough of them. */
export interface Figure {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
}

/** A stride with its lengths from the table, in metres; undefined if unknown. */
export interface MeasuredStride extends Stride {
  /** From the other foot to this one when this one strikes, along the direction of walking. */
  readonly stepLength: number | undefined;
  /** Both steps. */
  readonly strideLength: number | undefined;
}

/** Summary of one foot's strides. */
export interface FootFigures {
  /** Seconds. */
  readonly stride: Figure;
  readonly step: Figure;
  /** Fractions of a stride, 0-1. */
  readonly stance: Figure;
  readonly swing: Figure;
  readonly doubleSupport: Figure;
  /** Metres. */
  readonly stepLength: Figure;
}

/** Summary of a walker's strides. */
export interface GaitSummary extends Readonly<Record<Side, FootFigures>> {
  readonly strides: number;
  /** Steps per minute. */
  readonly cadence: number;
  /** Metres, and metres per second. */
  readonly strideLength: Figure;
  readonly speed: Figure;
  /**
   * Symmetry index in per cent, 0 if both sides are equal: |left - right| / mean of both (Robinson, Herzog and Nigg, J
   * Manipulative Physiol Ther 10 (1987) 172-176). NaN if a side has none.
   */
  readonly asymmetry: Readonly<Record<'step' | 'stance' | 'swing' | 'stepLength', number>>;
}

/** @param strides of both feet */
export function summarizeGait(strides: readonly MeasuredStride[]): GaitSummary {
  const figure = (of: (stride: MeasuredStride) => number | undefined, among = strides) =>
    meanAndDeviation(among.map(of));
  const seconds = ({ start, end }: Stride) => end - start;
  const foot = (side: Side): FootFigures => {
    const own = strides.filter(stride => stride.side === side);
    const share = (of: (stride: Stride) => number | undefined) =>
      figure(stride => ratio(of(stride), seconds(stride)), own);
    return {
      stride: figure(seconds, own),
      step: figure(({ step }) => step, own),
      stance: share(({ stance }) => stance),
      swing: share(stride => (stride.stance === undefined ? undefined : seconds(stride) - stride.stance)),
      doubleSupport: share(({ doubleSupport }) => doubleSupport),
      stepLength: figure(({ stepLength }) => stepLength, own),
    };
  };
  const feet = { left: foot('left'), right: foot('right') };
  const between = (of: (figures: FootFigures) => Figure) => asymmetryOf(of(feet.left).mean, of(feet.right).mean);
  return {
    ...feet,
    strides: strides.length,
    cadence: (SIDES.length * SECONDS_PER_MINUTE) / figure(seconds).mean,
    strideLength: figure(({ strideLength }) => strideLength),
    speed: figure(stride => ratio(stride.strideLength, seconds(stride))),
    asymmetry: {
      step: between(({ step }) => step),
      stance: between(({ stance }) => stance),
      swing: between(({ swing }) => swing),
      stepLength: between(({ stepLength }) => stepLength),
    },
  };
}

const SECONDS_PER_MINUTE = 60;

const ratio = (part: number | undefined, whole: number) => (part === undefined ? undefined : part / whole);

function asymmetryOf(left: number, right: number): number {
  return (100 * Math.abs(left - right)) / ((left + right) / 2);
}
