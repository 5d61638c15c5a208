import { SmoothedSeries } from '../../signal/cycles/resample.js';
import { longestGap } from '../../signal/cycles/stretches.js';
import { type CycleOptions, cyclesOf, type PersonCycles } from './person-cycles.js';
import { type Coordinates, readMotion } from './read-motion.js';

/** The cycles of all people in a table. */
export interface FoundCycles {
  readonly people: readonly PersonCycles[];
  /** By frame: its number in the video, and its time in seconds. */
  readonly frameIds: readonly number[];
  readonly times: readonly number[];
  /** Jumps of the table's clock in words; undefined if none exist. */
  readonly leaps: string | undefined;
  /** A person's angle over time, smoothed as for counting; NaN in gaps. */
  courseOf(person: number, angle: string, coordinates: Coordinates): { time: number; degrees: number }[];
}

/** Drops what keeps the series of a table in memory. */
export type KeptCycles = Omit<FoundCycles, 'courseOf'>;

/** Below this, joints are guesses: a foot behind another one, or behind a pillar. */
const LEAST_CONFIDENCE = 0.3;

/**
 * Steps or repetitions of all people in a landmark file, by `signal/cycles/`.
 * @param minConfidence joints of lower confidence count as unseen, 0-1
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function findCycles(
  path: string,
  options: CycleOptions,
  minConfidence = LEAST_CONFIDENCE,
  signal?: AbortSignal,
): Promise<FoundCycles> {
  const { frameIds, times, people, leaps } = await readMotion(path, minConfidence, signal);
  return {
    people: people.map(person => cyclesOf(person, options)),
    frameIds,
    times,
    leaps,
    courseOf: (id, angle, coordinates) =>
      (people.find(person => person.id === id)?.runs ?? []).flatMap(run => {
        const degrees = people.find(person => person.id === id)?.angle(angle, coordinates, run) ?? [];
        const smoothed = new SmoothedSeries(run.times, degrees, longestGap(run.times)).values();
        return smoothed.map((value, i) => ({ time: run.times[i] ?? Number.NaN, degrees: value }));
      }),
  };
}
