import { shortMessage } from '../errors.js';

/** Deeper than anything this program writes. */
const DEEPEST = 64;

/** Why a text is rejected as JSON. */
export class UnfitJson extends Error {
  override readonly name = 'UnfitJson';
}

/**
 * Reads JSON that may come from another program.
 * @throws UnfitJson also for nesting deeper than 64, and for the key `__proto__`, which this program never writes
 */
export function parsePlainJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UnfitJson(`is not valid JSON (${shortMessage(cause, 100)})`);
  }
  checkNesting(value);
  return value;
}

/** Without recursion: the nesting may exceed the stack. */
function checkNesting(value: unknown): void {
  let level = isObject(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new UnfitJson(`is nested more than ${DEEPEST} levels deep`);
    level = level.flatMap(objectsIn);
  }
}

/** @throws UnfitJson at a key that this program never writes */
function objectsIn(outer: object): object[] {
  if (Object.hasOwn(outer, '__proto__')) throw new UnfitJson('has a key "__proto__"');
  return (Array.isArray(outer) ? outer : Object.values(outer)).filter(isObject);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
