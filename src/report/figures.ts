import { Unusable } from './regular-file.js';

/**
 * A number of a run record, which may hold anything where numbers should be; null stands for one that there is not.
 * @throws Unusable where it is something else
 */
function number(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Unusable(`contains ${typeof value === 'string' ? 'text' : 'something else'} instead of a number`);
  }
  return value;
}

const NONE = '-';

/** With so many digits after the point. @throws Unusable */
export function fixed(value: unknown, digits: number): string {
  return number(value)?.toFixed(digits) ?? NONE;
}

/** As it is. @throws Unusable */
export function count(value: unknown): string {
  const given = number(value);
  return given === undefined ? NONE : String(given);
}

/** `12.5 %` for 0.125. @throws Unusable */
export function percent(value: unknown): string {
  const given = number(value);
  return given === undefined ? NONE : `${(100 * given).toFixed(1)} %`;
}

/** @throws Unusable */
export function megabytes(bytes: unknown): string {
  const given = number(bytes);
  return given === undefined ? NONE : String(Math.round(given / 2 ** 20));
}

/** For sorting; what there is not comes first. @throws Unusable */
export function rank(value: unknown): number {
  return number(value) ?? -1;
}

/** Whether all of a list are numbers. */
export function areNumbers(values: unknown): values is readonly number[] {
  return Array.isArray(values) && values.every(value => typeof value === 'number' && Number.isFinite(value));
}
