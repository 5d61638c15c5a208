import type { TablePerson } from '../model/table-frame.js';
import { torsoOf } from './geometry.js';

/** A given distance: pixels, a share of the picture's longer side, or of the person's torso. */
export interface Tolerance {
  readonly value: number;
  readonly unit: 'px' | '%' | 'torso';
}

/** @param text checked before: `2px`, `0.5%`, `0.01torso` */
export function readTolerance(text: string): Tolerance {
  const [, value, unit] = /^([\d.]+)(px|%|torso)$/.exec(text) ?? [];
  return { value: Number(value), unit: unit as Tolerance['unit'] };
}

/** A tolerance in pixels for a person; an unseen torso allows nothing. */
export function inPixels({ value, unit }: Tolerance, person: TablePerson, longerSide: number): number {
  if (unit === 'px') return value;
  return unit === '%' ? (value / 100) * longerSide : value * torsoOf(person);
}

/** Metres. @param text checked before: `5mm`, `2cm`, `0.02m` */
export function readMetres(text: string): number {
  const [, value, unit] = /^([\d.]+)(mm|cm|m)$/.exec(text) ?? [];
  return Number(value) * (unit === 'mm' ? 0.001 : unit === 'cm' ? 0.01 : 1);
}

/** Maximum frequency of an event: a number, or a share of a number. */
export interface Limit {
  readonly value: number;
  readonly isShare: boolean;
}

/** @param text checked before: `3`, `0.5%` */
export function readLimit(text: string): Limit {
  return text.endsWith('%')
    ? { value: Number(text.slice(0, -1)) / 100, isShare: true }
    : { value: Number(text), isShare: false };
}

export function allowed({ value, isShare }: Limit, of: number): number {
  return isShare ? value * of : value;
}
