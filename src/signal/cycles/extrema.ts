/** A turning point of a series. */
export interface Extremum {
  /** Index of the highest sample. */
  readonly index: number;
  /** Time of the turning point between samples, in the unit of the times. */
  readonly time: number;
  /** Value of the sample. */
  readonly value: number;
}

/** How far a series must fall on both sides of a peak, in the unit of its values. */
export interface Drops {
  /** Measured to the next higher value, or to the end of the series. */
  readonly least: number;
  /** Enough where the series begins or ends before it rises above the peak: the rest was not seen. */
  readonly atStart: number;
  readonly atEnd: number;
}

/**
 * The peaks of a series without gaps, by prominence (`scipy.signal.find_peaks`). The first and the last value are not
 * peaks: that would depend on what was not seen.
 * @param times rising
 */
export function peaksOf(times: readonly number[], values: readonly number[], drops: Drops): Extremum[] {
  const found: Extremum[] = [];
  const [before, after] = [dropsFrom(values, 1), dropsFrom(values, -1)];
  for (let i = 1; i < values.length - 1; ) {
    let last = i;
    while (last + 1 < values.length && values[last + 1] === values[i]) last++;
    const isPeak = last + 1 < values.length && values[i - 1]! < values[i]! && values[last + 1]! < values[i]!;
    const middle = (i + last) >> 1;
    if (isPeak && standsOut(before(middle), after(middle), drops)) {
      const time = last > i ? (times[i]! + times[last]!) / 2 : vertex(times, values, i);
      found.push({ index: middle, time, value: values[i]! });
    }
    i = last + 1;
  }
  return found;
}

/** As `peaksOf`, for the lowest points. */
export function valleysOf(times: readonly number[], values: readonly number[], drops: Drops): Extremum[] {
  const turned = values.map(value => -value);
  return peaksOf(times, turned, drops).map(({ index, time, value }) => ({ index, time, value: -value }));
}

/** How far a series falls from a value before it rises above it; open: it never does. */
interface Drop {
  readonly drop: number;
  readonly isOpen: boolean;
}

function standsOut(before: Drop, after: Drop, { least, atStart, atEnd }: Drops): boolean {
  if (before.drop < (before.isOpen ? atStart : least) || after.drop < (after.isOpen ? atEnd : least)) return false;
  return Math.max(before.drop, after.drop) >= least;
}

/**
 * How far a series falls before each value (step 1) or after it (step -1). Hours of even repetitions never rise above
 * their peaks: a search from each one would scan them all.
 */
function dropsFrom(values: readonly number[], step: 1 | -1): (at: number) => Drop {
  const lowest = new Float64Array(values.length);
  const isOpen = new Uint8Array(values.length);
  // Each is lower than those below it on the stack.
  const higher: number[] = [];
  for (let i = step > 0 ? 0 : values.length - 1; i >= 0 && i < values.length; i += step) {
    let least = values[i]!;
    for (let last = higher.at(-1); last !== undefined && values[last]! <= values[i]!; last = higher.at(-1)) {
      least = Math.min(least, lowest[last]!);
      higher.pop();
    }
    lowest[i] = least;
    isOpen[i] = higher.length === 0 ? 1 : 0;
    higher.push(i);
  }
  return at => ({ drop: values[at]! - lowest[at]!, isOpen: isOpen[at] === 1 });
}

/** The vertex of the parabola through three samples; their times need not be even. */
function vertex(times: readonly number[], values: readonly number[], at: number): number {
  const [t0, t1, t2] = [times[at - 1]!, times[at]!, times[at + 1]!];
  const before = (values[at]! - values[at - 1]!) / (t1 - t0);
  const after = (values[at + 1]! - values[at]!) / (t2 - t1);
  const bend = (after - before) / (t2 - t0);
  if (!(bend < 0)) return t1;
  // The slope is that of the chord at the midpoint of two samples, and changes linearly.
  const time = (t0 + t1) / 2 - before / (2 * bend);
  return Math.min((t1 + t2) / 2, Math.max((t0 + t1) / 2, time));
}
