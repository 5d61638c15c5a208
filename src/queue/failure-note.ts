import type { PlainError } from '../errors.js';

/** Longer texts are cut: Redis keeps them in memory. */
const LONGEST = 4096;

/** Why a job failed, as read back. */
export interface FailureNote {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** A failure as the queue keeps it, to be read by people (in bull-board, say) and by `readFailureNote`. */
export function failureNote({ code, message, remedy }: Pick<PlainError, 'code' | 'message' | 'remedy'>): string {
  const first = `${code}: ${message.replaceAll('\n', ' ')}`;
  return `${first}${remedy ? `\n${remedy}` : ''}`.slice(0, LONGEST);
}

/** Reads a note that anybody may have written. */
export function readFailureNote(note: unknown): FailureNote {
  const text = typeof note === 'string' ? note.slice(0, LONGEST) : '';
  const [, code, message = '', remedy] = /^([A-Z][A-Z_]{2,40}): ([^\n]*)(?:\n([\s\S]*))?$/.exec(text) ?? [];
  return code === undefined
    ? { code: 'INTERNAL', message: text === '' ? 'it failed' : text, remedy: null }
    : { code, message, remedy: remedy ?? null };
}
