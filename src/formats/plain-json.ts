import { shortMessage } from '../errors.js';

/** Deeper than anything that the program writes. */
const DEEPEST = 64;

/** Why a text is not read as JSON. */
export class UnfitJson extends Error {
  override readonly name = 'UnfitJson';
}

/**
 * Reads JSON that somebody else may have written.
 * @throws UnfitJson also for what is nested more than 64 deep, and for the key `__proto__`, which is none of ours
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

/** Without recursion: the nesting may be deeper than the stack. */
function checkNesting(value: unknown): void {
  let level = isObject(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new UnfitJson(`is nested more than ${DEEPEST} levels deep`);
    level = level.flatMap(objectsIn);
  }
}

/** @throws UnfitJson at a key that none of ours is */
function objectsIn(outer: object): object[] {
  if (Object.hasOwn(outer, '__proto__')) throw new UnfitJson('has a key "__proto__"');
  return (Array.isArray(outer) ? outer : Object.values(outer)).filter(isObject);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
