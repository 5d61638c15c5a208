import { basename, dirname } from 'node:path';
import { BodyscriptError } from '../../errors.js';
import type { Side } from '../../model/body.js';
import { tableClock } from '../../model/steady-clock.js';
import type { FoundCycles } from '../cycles/find-cycles.js';
import { commonCycles, type TableCycles } from './common-cycles.js';
import type { Moments } from './pair-film.js';

/** How to align two runs: at their first frames, their first steps or repetitions, or two moments in seconds. */
export type Alignment = 'start' | 'event' | readonly [number, number];

/**
 * The moments of two tables to show together, in seconds.
 * @throws BodyscriptError `NO_CYCLES` if an event was requested and the tables have none of the same type
 */
export async function momentsOf(
  tables: readonly [string, string],
  alignment: Alignment,
  signal: AbortSignal,
): Promise<Moments> {
  if (alignment === 'start') return undefined;
  if (alignment !== 'event') return alignment;
  const { all, cycles } = await commonCycles(tables, signal);
  if (typeof cycles === 'string') {
    throw new BodyscriptError('NO_CYCLES', `--align event: no common event (${cycles})`, {
      remedy: 'Give a time of each table (--align 1.2,3.4), or leave out --align.',
    });
  }
  const { side, moment } = firstEvent(cycles[0], all[0]);
  return [moment, firstEvent(cycles[1], all[1], side).moment];
}

/** The first heel strike, of a given foot if it has one, or the start of the first repetition. */
function firstEvent(
  { found }: TableCycles,
  all: FoundCycles,
  side?: Side,
): { readonly moment: number; readonly side?: Side } {
  if (found.kind === 'repetitions') {
    const [first] = found.repetitions;
    return { moment: steadyTime(all, first?.start ?? 0, first?.startFrame ?? 0) };
  }
  const strikes = found.events.filter(({ kind }) => kind === 'heel_strike');
  const strike = strikes.find(event => event.side === side) ?? strikes[0];
  const moment = steadyTime(all, strike?.time ?? 0, strike?.frame ?? 0);
  return strike ? { moment, side: strike.side } : { moment };
}

/** A table's time without jumps of its clock, as films count it. */
function steadyTime({ times }: FoundCycles, time: number, frame: number): number {
  const clock = tableClock();
  let steady = 0;
  for (const moment of times.slice(0, frame + 1)) steady = clock.next(moment);
  return steady + time - (times[frame] ?? time);
}

/** The names of two tables side by side: with their folders if their names are equal. */
export function namesBeside(tables: readonly [string, string]): readonly [string, string] {
  const [first, second] = tables.map(table => basename(table).replace(/\.(csv|ndjson)$/, '')) as [string, string];
  if (first !== second) return [first, second];
  const [a, b] = tables.map(table => basename(dirname(table))) as [string, string];
  return a === b ? [`${first} (1)`, `${second} (2)`] : [`${a}/${first}`, `${b}/${second}`];
}
