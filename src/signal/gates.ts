import type { Gate } from '../model/quality.js';

/** The gates of BodyScript, the Python service: name, limit, and the message of a failure. */
const GATES = [
  { name: 'detectionRate', limit: 0.8, bound: 'least', words: 'detection rate' },
  { name: 'confidence', limit: 0.6, bound: 'least', words: 'confidence' },
  { name: 'consistency', limit: 0.7, bound: 'least', words: 'consistency' },
  { name: 'missingRate', limit: 0.2, bound: 'most', words: 'missing' },
] as const;

/** The quantities that gates check, 0-1 each. */
export type Gated = Readonly<Record<(typeof GATES)[number]['name'], number>>;

/** Each gate with its measured value, passed or not. */
export function gatesOf(measured: Gated): Gate[] {
  return GATES.map(({ name, limit, bound }) => gate(name, measured[name], bound, limit));
}

/** One gate. @param limit the last value that passes */
export function gate(name: Gate['name'], value: number, bound: Gate['bound'], limit: number): Gate {
  return { name, value, bound, limit, passed: bound === 'least' ? value >= limit : value <= limit };
}

const WORDS: Readonly<Record<Gate['name'], string>> = {
  detectionRate: 'detection rate',
  confidence: 'mean score',
  consistency: 'consistency of bone lengths',
  missingRate: 'missing',
  changes: 'changes of the only person',
  people: 'people who fail',
};

/** What a gate measures, in words. */
export const gateName = ({ name }: Pick<Gate, 'name'>): string => WORDS[name];

/** Its value: a share with two digits, a count unchanged. */
const gateNumber = ({ name }: Pick<Gate, 'name'>, value: number): string =>
  name === 'changes' || name === 'people' ? String(value) : value.toFixed(2);

/** `detection rate 0.73 (at least 0.8: not passed)`. */
export function gateInWords(checked: Gate): string {
  const verdict = checked.passed ? '' : ': not passed';
  return `${gateName(checked)} ${gateNumber(checked, checked.value)} (at ${checked.bound} ${checked.limit}${verdict})`;
}

/** The failed gates, each in a few words. */
export function failedGates(measured: Gated): string[] {
  return gatesOf(measured).flatMap(({ passed, value, bound, limit }, i) =>
    passed ? [] : `${GATES[i]!.words} ${value.toFixed(2)}, ${bound === 'least' ? 'below' : 'above'} ${limit}`,
  );
}
