import { FRAME_STATUSES, type FrameStatus } from '../model/result.js';

/** Of frames and people: what 32 bits hold, as Parquet has them; a year of frames. */
const MOST_ID = 2 ** 31 - 1;
/** People in one frame; the program finds 16 at most, and tables may be put together. */
export const MOST_PEOPLE_IN_FRAME = 256;

const STATUSES: ReadonlySet<string> = new Set<FrameStatus | ''>([...FRAME_STATUSES, '']);
/** Names of strategies as they are or were: `crop+auto_levels+heavy`. */
const STRATEGY = /^[\w+.:()\- ]{0,64}$/;

/** Whether a number may be the id of a frame or a person. */
export function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_ID;
}

/** The id in a cell of text; undefined where it is none. A spreadsheet may have made `7.0` of `7`. */
export function idOf(cell: string): number | undefined {
  const value = cell.trim() === '' ? Number.NaN : Number(cell);
  return isId(value) ? value + 0 : undefined; // No -0.
}

/** The number in a cell; undefined where it is empty or no finite number: `nan`, `NA`, `inf`. */
export function numberOf(cell: string): number | undefined {
  if (cell === '') return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a text is how a frame may have ended, or nothing. */
export function isStatus(text: unknown): text is FrameStatus | '' {
  return typeof text === 'string' && STATUSES.has(text);
}

/** Whether a text may be a strategy's name, or nothing. */
export function isStrategy(text: unknown): text is string {
  return typeof text === 'string' && STRATEGY.test(text);
}

/**
 * A cell as a message shows it. Of lists and objects only their kind: they may be nested deeper than the stack, or be
 * megabytes.
 */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : '[...]';
  if (typeof value === 'object' && value !== null) return '{...}';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
