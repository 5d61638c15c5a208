import { fixed } from './csv-writer.js';

const [ZERO, POINT, MINUS] = [0x30, 0x2e, 0x2d];
/** This close to the middle between two decimals, the product may have been rounded to the other side. */
const TOO_NEAR = 1e-4;
/** Larger ones have more digits than 32 bits hold. */
const MOST_SCALED = 1e9;
const THOUSAND = 1000;
/** By number of decimals: a power would be computed for each number. */
const SCALES = Float64Array.of(1, 10, 100, 1e3, 1e4, 1e5, 1e6);
/** The digits of 0 to 999, three bytes each. */
const TRIPLES = Uint8Array.from({ length: 3 * THOUSAND }, (_, i) => {
  const number = Math.floor(i / 3);
  return ZERO + (Math.floor(number / [100, 10, 1][i % 3]!) % 10);
});

/** Maximum bytes of one number: 21 digits before the point, a minus, a point and the decimals. */
export const LONGEST_NUMBER = 32;

/**
 * Writes the text of `fixed` as bytes: ten times as fast as through text.
 * @param decimals 0 to 6
 * @returns the position of the next byte
 */
export function putFixed(into: Uint8Array, at: number, value: number, decimals: number): number {
  const scale = SCALES[decimals]!;
  const scaled = Math.abs(value) * scale;
  const whole = Math.floor(scaled);
  const part = scaled - whole;
  if (!(scaled < MOST_SCALED) || Math.abs(part - 0.5) < TOO_NEAR) return putText(into, at, fixed(value, decimals));
  const digits = (part > 0.5 ? whole + 1 : whole) | 0; // In 32 bits, which divide faster.
  if (value < 0 && digits > 0) into[at++] = MINUS;
  const integer = (digits / scale) | 0;
  at = putWhole(into, at, integer);
  if (decimals === 0) return at;
  into[at++] = POINT;
  return putDigits(into, at, digits - integer * scale, decimals);
}

/** A whole number of at most 31 bits, not negative. */
function putWhole(into: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    into[at] = ZERO + value;
    return at + 1;
  }
  let digits = 2;
  for (let limit = 100; value >= limit; limit *= 10) digits++;
  return putDigits(into, at, value, digits);
}

/** A fixed number of digits of a 31-bit number, padded with zeros. */
function putDigits(into: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value | 0;
  let to = at + digits;
  for (; to - at >= 3; to -= 3) {
    const higher = (rest / THOUSAND) | 0;
    const triple = 3 * (rest - higher * THOUSAND);
    into[to - 3] = TRIPLES[triple]!;
    into[to - 2] = TRIPLES[triple + 1]!;
    into[to - 1] = TRIPLES[triple + 2]!;
    rest = higher;
  }
  for (; to > at; to--) {
    const higher = (rest / 10) | 0;
    into[to - 1] = ZERO + rest - higher * 10;
    rest = higher;
  }
  return at + digits;
}

/** ASCII letters. */
function putText(into: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}
