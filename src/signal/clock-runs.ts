import { isLeap } from '../model/steady-clock.js';
import { processSeries, type SeriesOptions, stepOf } from './process-series.js';

/** Frames between two jumps of a table's clock; `to` is the index after the last. */
export interface ClockRun {
  readonly from: number;
  readonly to: number;
  /** Rising times in seconds: frames with the same time are spread up to the next one. */
  readonly times: readonly number[];
}

type Times = ArrayLike<number>;

/** The runs of some times in seconds. A filter across two runs would join values that may be hours apart. */
export function runsOf(times: Times): ClockRun[] {
  const runs: ClockRun[] = [];
  let from = 0;
  for (let i = 1; i <= times.length; i++) {
    if (i < times.length && !isLeap(times[i - 1]!, times[i]!)) continue;
    runs.push({ from, to: i, times: rising(Array.from({ length: i - from }, (_, k) => times[from + k]!)) });
    from = i;
  }
  return runs;
}

/** The frames around one, up to a limit on either side, within its run. */
export function aroundInRun(times: Times, index: number, reach: number): [from: number, to: number] {
  let [from, to] = [index, index + 1];
  while (from > 0 && index - from < reach && !isLeap(times[from - 1]!, times[from]!)) from--;
  while (to < times.length && to - index <= reach && !isLeap(times[to - 1]!, times[to]!)) to++;
  return [from, to];
}

/** `processSeries` for each run separately. @param values NaN if absent */
export function processRuns(
  runs: readonly ClockRun[],
  values: ArrayLike<number>,
  options: SeriesOptions,
): Float64Array {
  const [only] = runs;
  if (only && runs.length === 1) return processSeries(only.times, values, options);
  const result = new Float64Array(values);
  for (const { from, to, times } of runs) result.set(processSeries(times, result.subarray(from, to), options), from);
  return result;
}

/** For times in whole seconds most steps are 0: measures from the first frame to the first one of the last time. */
function meanStep(times: readonly number[]): number {
  const last = times.indexOf(times.at(-1) ?? 0);
  return last > 0 ? (times[last]! - times[0]!) / last : 0;
}

function rising(times: number[]): number[] {
  const usual = stepOf(times) || meanStep(times) || 1;
  for (let i = 0; i < times.length; ) {
    let next = i + 1;
    while (next < times.length && times[next] === times[i]) next++;
    const pause = next < times.length ? times[next]! - times[i]! : usual * (next - i);
    for (let k = i + 1; k < next; k++) times[k] = times[i]! + (pause * (k - i)) / (next - i);
    i = next;
  }
  return times;
}
