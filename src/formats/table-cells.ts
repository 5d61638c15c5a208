import { FRAME_STATUSES, type FrameStatus } from '../model/result.js';

/** Limit for frames and people: 32 bits, as in Parquet; a year of frames. */
const MOST_ID = 2 ** 31 - 1;
/** Maximum people in one frame; the program finds at most 16, and tables may be merged. */
export const MOST_PEOPLE_IN_FRAME = 256;

const STATUSES: ReadonlySet<string> = new Set<FrameStatus | ''>([...FRAME_STATUSES, '']);
/** Names of current and former strategies: `crop+auto_levels+heavy`. */
const STRATEGY = /^[\w+.:()\- ]{0,64}$/;

/** Whether a number may be the id of a frame or a person. */
export function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_ID;
}

/** The id in a text cell; undefined if it is not one. A spreadsheet may have turned `7` into `7.0`. */
export function idOf(cell: string): number | undefined {
  const value = cell.trim() === '' ? Number.NaN : Number(cell);
  return isId(value) ? value + 0 : undefined; // No -0.
}

/** The number in a cell; undefined if it is empty or not a finite number: `nan`, `NA`, `inf`. */
export function numberOf(cell: string): number | undefined {
  if (cell === '') return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a text is a frame status, or empty. */
export function isStatus(text: unknown): text is FrameStatus | '' {
  return typeof text === 'string' && STATUSES.has(text);
}

/** Whether a text may be a strategy's name, or is empty. */
export function isStrategy(text: unknown): text is string {
  return typeof text === 'string' && STRATEGY.test(text);
}

/**
 * A cell as shown in a message. For lists and objects only their type: they may be nested deeper than the stack, or
 * megabytes long.
 */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : '[...]';
  if (typeof value === 'object' && value !== null) return '{...}';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
