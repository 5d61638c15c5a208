import { SmoothedSeries } from '../../signal/cycles/resample.js';
import { longestGap } from '../../signal/cycles/stretches.js';
import { type CycleOptions, cyclesOf, type PersonCycles } from './person-cycles.js';
import { type Coordinates, readMotion } from './read-motion.js';

/** The cycles of everybody in a table. */
export interface FoundCycles {
  readonly people: readonly PersonCycles[];
  /** By frame: its number in the video, and its time in seconds. */
  readonly frameIds: readonly number[];
  readonly times: readonly number[];
  /** Leaps of the table's clock in words; undefined without one. */
  readonly leaps: string | undefined;
  /** An angle of a person over time, smoothed as it was counted; NaN in gaps. */
  courseOf(person: number, angle: string, coordinates: Coordinates): { time: number; degrees: number }[];
}

/** Without what holds the series of a table in memory. */
export type KeptCycles = Omit<FoundCycles, 'courseOf'>;

/** Below, joints are guesses: a foot behind another one, or behind a pillar. */
const LEAST_CONFIDENCE = 0.3;

/**
 * Steps or repetitions of everybody in a landmark file, by `signal/cycles/`.
 * @param minConfidence joints less sure are taken for unseen, 0-1
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
