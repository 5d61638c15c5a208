import { type CycleOptions, cyclesOf, type PersonCycles } from './person-cycles.js';
import { readMotion } from './read-motion.js';

/** The cycles of everybody in a table. */
export interface FoundCycles {
  readonly people: readonly PersonCycles[];
  /** By frame: its number in the video, and its time in seconds. */
  readonly frameIds: readonly number[];
  readonly times: readonly number[];
  /** Leaps of the table's clock in words; undefined without one. */
  readonly leaps: string | undefined;
}

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
  return { people: people.map(person => cyclesOf(person, options)), frameIds, times, leaps };
}
