import { UsageError } from '../errors.js';
import { closest } from './suggest.js';

/** `--min-score must be a number from 0 to 1, got "high"`. */
function wrong(option: string, rule: string, got: string, remedy?: string): UsageError {
  return new UsageError(`${option} must be ${rule}, got "${got}"`, remedy);
}

const CLOCK_TIME = /^(-?)(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d*)?)$/;

/** Seconds, from `12.5`, `1:02.5` or `hh:mm:ss.mmm`. */
export function parseTime(option: string, text: string): number {
  const clock = CLOCK_TIME.exec(text);
  if (clock) {
    const [, sign, hours = '0', minutes, seconds] = clock;
    if (Number(minutes) < 60 && Number(seconds) < 60) {
      return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
    }
  }
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw wrong(option, 'seconds or hh:mm:ss.mmm', text);
  return value;
}

const AGE_UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** Milliseconds, from `7d`, `12h`, `30m`, `10s`. */
export function parseAge(option: string, text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([dhms])$/.exec(text.trim()) ?? [];
  const milliseconds = AGE_UNITS[unit ?? ''];
  if (count === undefined || milliseconds === undefined) throw wrong(option, 'an age, e.g. 7d or 12h', text);
  return Number(count) * milliseconds;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes, from `512M`, `1.5G`, `800MB`, `1GiB` or a plain number. */
export function parseSize(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const bytes = match ? Number(match[1]) * (UNITS[(match[2] ?? '').toUpperCase()] ?? Number.NaN) : Number.NaN;
  if (!(bytes > 0)) throw wrong(option, 'a size, e.g. 512M or 2G', text);
  return Math.round(bytes);
}

export function parseChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find(candidate => candidate === text);
  if (choice !== undefined) return choice;
  const near = closest(text, choices);
  throw wrong(option, `one of ${choices.join(', ')}`, text, near && `Did you mean ${near}?`);
}

/** Frames per second: a number, or a fraction as `30000/1001`. @throws RangeError if it is neither, or not above 0 */
export function parseRate(text: string): number {
  const [, over, under = '1'] = /^\s*(\d+|\d*\.\d+|\d+\.)(?:\/(\d+))?\s*$/.exec(text) ?? [];
  const value = Number(over) / Number(under);
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(text);
  return value;
}

/**
 * The moments that align two runs: `start`, `event`, or one of each, e.g. `1.2,0:03.4`, in seconds. @throws if it is
 * neither
 */
export function parseAlignment(text: string): 'start' | 'event' | readonly [number, number] {
  if (text === 'start' || text === 'event') return text;
  const [first, second, ...more] = text.split(',');
  if (first === undefined || second === undefined || more.length > 0) throw new RangeError(text);
  return [parseTime('', first), parseTime('', second)];
}
