import { ERROR_CODES, type ErrorCode } from './error-codes.js';

export type { ErrorCode };

export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  someFailed: 3,
  different: 4,
  notEnoughMemory: 5,
  interrupted: 130,
  terminated: 143,
} as const;

export interface BodyscriptErrorOptions {
  readonly cause?: unknown;
  /** What the user can do about it, in whole sentences; without it, what `ERROR_CODES` advises for the code. */
  readonly remedy?: string;
  readonly exitCode?: number;
}

/**
 * The one class of error that the tool raises on purpose; anything else that escapes is a bug. The message names the
 * file, option or command, then what is wrong with it: `walk.mp4: no such file`, `--people must be 1-16, got "0"`. It
 * has no full stop; the remedy follows it on the same line.
 */
export class BodyscriptError extends Error {
  override readonly name: string = 'BodyscriptError';
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options: BodyscriptErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy || ERROR_CODES[code].remedy;
    this.exitCode = options.exitCode ?? EXIT_CODES.failed;
  }
}

/** An option or argument that cannot be used. Exit code 2. */
export class UsageError extends BodyscriptError {
  override readonly name = 'UsageError';
  constructor(message: string, remedy?: string) {
    super('USAGE', message, { ...(remedy === undefined ? {} : { remedy }), exitCode: EXIT_CODES.usage });
  }
}

/** The run would go, or went, beyond the memory that it may use. Exit code 5. */
export class MemoryLimitError extends BodyscriptError {
  override readonly name = 'MemoryLimitError';
  constructor(message: string, remedy: string) {
    super('NOT_ENOUGH_MEMORY', message, { remedy, exitCode: EXIT_CODES.notEnoughMemory });
  }
}

/** A signal asked the run to end. Exit code 128 + the signal's number. */
export class InterruptedError extends BodyscriptError {
  override readonly name = 'InterruptedError';
  constructor(signal: NodeJS.Signals) {
    super('INTERRUPTED', `interrupted by ${signal}`, {
      exitCode: signal === 'SIGINT' ? EXIT_CODES.interrupted : EXIT_CODES.terminated,
    });
  }
}

/** An error in a form that crosses threads and processes: structured clone forgets classes and their fields. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string | undefined;
  readonly exitCode: number | undefined;
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof BodyscriptError) {
    return { code: error.code, message: error.message, remedy: error.remedy, exitCode: error.exitCode };
  }
  const known = fromSystemError(error);
  if (known) return toPlainError(known);
  return { code: 'INTERNAL', message: shortMessage(error), remedy: undefined, exitCode: undefined };
}

/** Whether an error is one of this program, and of this kind. */
export function isCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof BodyscriptError && error.code === code;
}

export function fromPlainError({ code, message, remedy, exitCode }: PlainError): BodyscriptError {
  return new BodyscriptError(code, message, {
    ...(remedy === undefined ? {} : { remedy }),
    ...(exitCode === undefined ? {} : { exitCode }),
  });
}

/** The error number of a failed system call (`ENOENT`, `ENOSPC`...), or undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** What the system's refusals mean, and what to do about each. All others (`EINVAL`, `EBADF`) are bugs. */
const REFUSALS: Readonly<Record<string, readonly [meaning: string, remedy: string, code?: ErrorCode]>> = {
  EMFILE: [
    'too many open files',
    'Raise the limit (ulimit -n 1024), or analyse fewer videos at a time (--jobs 1).',
    'TOO_MANY_OPEN_FILES',
  ],
  ENFILE: ['too many open files in the whole system', 'End other programs, or raise the limit.', 'TOO_MANY_OPEN_FILES'],
  ENOSPC: ['the disk is full', 'Free some space, then run the same command again.', 'OUTPUT_DISK_FULL'],
  EDQUOT: ['your disk quota is used up', 'Free some space, then run the same command again.', 'OUTPUT_DISK_FULL'],
  ENOMEM: ['the system has no memory left', 'End other programs, or use --jobs 1.', 'NOT_ENOUGH_MEMORY'],
  EAGAIN: ['the system cannot start more processes', 'Raise the limit (ulimit -u), or use --jobs 1.'],
  ELOOP: ['its symbolic links form a loop', 'Give the path of the file itself.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter one.'],
  ENOENT: ['no such file or folder', 'Check the spelling of the path, and whether something removed it meanwhile.'],
  ENOTDIR: ['a part of the path is not a folder', 'Check the path.'],
  EISDIR: ['is a folder, not a file', 'Give the path of a file.'],
  EEXIST: ['already exists', 'Move it away, or choose another name.'],
  ENOTEMPTY: ['the folder is not empty', 'Move it away, or choose another name.'],
  EACCES: ['permission denied', 'Check who may read and write it.'],
  EPERM: ['not permitted', 'Check who may read and write it.'],
  EROFS: ['the disk is read-only', 'Choose a folder that you may write to.'],
  EFBIG: ['the file would exceed the size limit', 'Raise the limit (ulimit -f), or use another disk.'],
  EIO: ['the disk reports an error', 'Check the disk, or copy the file to another one.'],
  ESTALE: ['the network drive no longer has it', 'Mount the drive again, then run the same command again.'],
  ENODEV: ['the device is gone', 'Check the disk.'],
  ENXIO: ['the device is gone, or no program reads the pipe', 'Give the path of a regular file.'],
  EBUSY: ['is in use', 'Wait for the program that uses it.'],
  ETXTBSY: ['is in use', 'Wait for the program that uses it.'],
  ETIMEDOUT: ['the network drive does not answer', 'Check the connection, then run the same command again.'],
  EHOSTDOWN: ['the network drive does not answer', 'Check the connection, then run the same command again.'],
  ENOTCONN: ['the network drive is not connected', 'Check the connection, then run the same command again.'],
};

/**
 * A refusal of the system that has no better description, with the path that it is about; undefined for any other
 * error.
 * @param named the path as the user gave it; without it, the path that the system reports
 */
export function fromSystemError(error: unknown, named?: string): BodyscriptError | undefined {
  if (isForbiddenByNode(error)) return forbiddenByNode(error, named);
  const [meaning, remedy, code = 'FILE_UNUSABLE'] = REFUSALS[systemErrorCode(error) ?? ''] ?? [];
  if (meaning === undefined || remedy === undefined) return undefined;
  const { path, syscall } = error as NodeJS.ErrnoException;
  const where = named ?? path ?? (syscall === 'uv_cwd' ? 'the current folder' : syscall);
  const message = where === undefined ? meaning : `${where}: ${meaning}`;
  if (code === 'NOT_ENOUGH_MEMORY') return new MemoryLimitError(message, remedy);
  return new BodyscriptError(code, message, { cause: error, remedy });
}

/** A system's refusal in words (`permission denied`), or undefined for any other error. */
export function systemMeaning(error: unknown): string | undefined {
  return REFUSALS[systemErrorCode(error) ?? '']?.[0];
}

/** A refusal of Node's own permission model (`node --permission`). */
interface NodeRefusal extends Error {
  readonly permission?: string;
  readonly resource?: string;
}

export function isForbiddenByNode(error: unknown): error is NodeRefusal {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_ACCESS_DENIED';
}

function forbiddenByNode({ permission = 'access', resource }: NodeRefusal, named?: string): BodyscriptError {
  const where = named ?? resource;
  const message = `Node's permission model forbids ${permission}`;
  return new BodyscriptError('FILE_UNUSABLE', where ? `${where}: ${message}` : message, {
    remedy:
      'Run node with --allow-fs-read=* --allow-fs-write=* --allow-child-process --allow-worker --allow-addons, or without --permission.',
  });
}

/** One line of an error's message. The minified bundles of some libraries throw messages of many kilobytes. */
export function shortMessage(error: unknown, maxLength = 300): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > maxLength ? `${line.slice(0, maxLength)}...` : line;
}
