import { Unusable } from './regular-file.js';

/**
 * A number of an untrusted run record; null stands for an absent one.
 * @throws Unusable if it is anything else
 */
function number(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Unusable(`contains ${typeof value === 'string' ? 'text' : 'something else'} instead of a number`);
  }
  return value;
}

const NONE = '-';

/** Formats a number with a fixed number of decimals. @throws Unusable */
export function fixed(value: unknown, digits: number): string {
  return number(value)?.toFixed(digits) ?? NONE;
}

/** Returns the number unchanged. @throws Unusable */
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

/** A sort key; absent values come first. @throws Unusable */
export function rank(value: unknown): number {
  return number(value) ?? -1;
}

/** Whether all values of a list are numbers. */
export function areNumbers(values: unknown): values is readonly number[] {
  return Array.isArray(values) && values.every(value => typeof value === 'number' && Number.isFinite(value));
}
