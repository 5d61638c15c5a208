/**
 * Every failure that a user can meet, by a stable code. The message says what happened and to which file, `remedy` what
 * to do next. Codes are part of the public interface: scripts compare them, so they are never renamed.
 */
export type ErrorCode =
  | 'USAGE'
  | 'INPUT_MISSING'
  | 'INPUT_NOT_A_FILE'
  | 'INPUT_EMPTY'
  | 'INPUT_UNREADABLE'
  | 'INPUT_NOT_A_VIDEO'
  | 'INPUT_NO_VIDEO_STREAM'
  | 'INPUT_NO_FRAMES'
  | 'INPUT_CODEC_UNKNOWN'
  | 'INPUT_DAMAGED'
  | 'INPUT_NOT_STREAMABLE'
  | 'INPUT_TOO_LARGE'
  | 'INPUT_CHANGED'
  | 'OUTPUT_NOT_WRITABLE'
  | 'OUTPUT_TAKEN'
  | 'OUTPUT_BUSY'
  | 'OUTPUT_DISK_FULL'
  | 'FILE_UNUSABLE'
  | 'TOO_MANY_OPEN_FILES'
  | 'READER_GONE'
  | 'FFMPEG_MISSING'
  | 'FFMPEG_TOO_OLD'
  | 'FFMPEG_BROKEN'
  | 'DECODER_FAILED'
  | 'ENCODER_FAILED'
  | 'MODEL_MISSING'
  | 'MODEL_INVALID'
  | 'MODEL_HASH'
  | 'CACHE_UNSAFE'
  | 'ENGINE_MISSING'
  | 'ENGINE_FAILED'
  | 'PROVIDER_MISSING'
  | 'LABELS_MISSING'
  | 'NOT_ENOUGH_MEMORY'
  | 'LEDGER_MISSING'
  | 'LEDGER_INVALID'
  | 'WORKER_DIED'
  | 'STALLED'
  | 'TIMED_OUT'
  | 'CONFIG_INVALID'
  | 'TABLE_INVALID'
  | 'NO_CYCLES'
  | 'RECORD_INVALID'
  | 'PLAN_INVALID'
  | 'STORAGE_PACKAGE_MISSING'
  | 'STORAGE_DENIED'
  | 'STORAGE_FAILED'
  | 'BUCKET_MISSING'
  | 'SOME_FAILED'
  | 'INTERRUPTED'
  | 'INTERNAL';

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
  /** One sentence: what the user can do about it. */
  readonly remedy?: string;
  readonly exitCode?: number;
}

/** The one class of error that the tool raises on purpose. Anything else that escapes is a defect. */
export class BodyscriptError extends Error {
  override readonly name: string = 'BodyscriptError';
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options: BodyscriptErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.exitCode = options.exitCode ?? EXIT_CODES.failed;
  }
}

/** An option or argument that cannot be used. Exit code 2. */
export class UsageError extends BodyscriptError {
  override readonly name = 'UsageError';
  constructor(message: string, remedy = 'The same command with --help lists what there is.') {
    super('USAGE', message, { remedy, exitCode: EXIT_CODES.usage });
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

/**
 * What the system's refusals mean, and what to do about each. Others than these (`EINVAL`, `EBADF`) are a defect of the
 * program.
 */
const REFUSALS: Readonly<Record<string, readonly [meaning: string, remedy: string, code?: ErrorCode]>> = {
  EMFILE: [
    'too many open files',
    'Allow more of them (ulimit -n 1024) or take fewer videos at a time (--jobs 1).',
    'TOO_MANY_OPEN_FILES',
  ],
  ENFILE: ['the whole system has too many open files', 'End other programs, or allow more.', 'TOO_MANY_OPEN_FILES'],
  ENOSPC: ['the disk is full', 'Free some space, then run again.', 'OUTPUT_DISK_FULL'],
  EDQUOT: ['your share of the disk is used up', 'Free some space, then run again.', 'OUTPUT_DISK_FULL'],
  ENOMEM: ['the system has no memory left', 'End other programs, or use --jobs 1.', 'NOT_ENOUGH_MEMORY'],
  EAGAIN: ['the system starts no more processes', 'Allow more of them (ulimit -u), or use --jobs 1.'],
  ELOOP: ['its symbolic links lead in a circle', 'Name the file itself.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter one.'],
  ENOENT: ['no such file or folder', 'Check the spelling of the path, and whether something removed it meanwhile.'],
  ENOTDIR: ['a part of the path is no folder', 'Check the path.'],
  EISDIR: ['is a folder', 'Name a file.'],
  EEXIST: ['is there already', 'Move it away, or choose another name.'],
  ENOTEMPTY: ['is not empty', 'Move it away, or choose another name.'],
  EACCES: ['permission denied', 'Check who may read and write it.'],
  EPERM: ['not permitted', 'Check who may read and write it.'],
  EROFS: ['the disk is read-only', 'Choose a folder that can be written.'],
  EFBIG: ['the file would be larger than allowed', 'Allow larger ones (ulimit -f), or use another disk.'],
  EIO: ['the disk reports an error', 'Check the disk, or copy the file to another one.'],
  ESTALE: ['the network disk no longer has it', 'Mount the disk again, then run again.'],
  ENODEV: ['the device is gone', 'Check the disk.'],
  ENXIO: ['the device is gone, or nobody reads the pipe', 'Name a regular file.'],
  EBUSY: ['is in use', 'Wait for the program that uses it.'],
  ETXTBSY: ['is in use', 'Wait for the program that uses it.'],
  ETIMEDOUT: ['the network disk does not answer', 'Check the connection, then run again.'],
  EHOSTDOWN: ['the network disk does not answer', 'Check the connection, then run again.'],
  ENOTCONN: ['the network disk is not connected', 'Check the connection, then run again.'],
};

/**
 * A refusal of the system that nobody has described better, with the path that it is about; undefined for any other
 * error.
 * @param named what the path was called where the user gave it; else the system's own words for it
 */
export function fromSystemError(error: unknown, named?: string): BodyscriptError | undefined {
  if (isForbiddenByNode(error)) return forbiddenByNode(error, named);
  const [meaning, remedy, code = 'FILE_UNUSABLE'] = REFUSALS[systemErrorCode(error) ?? ''] ?? [];
  if (meaning === undefined || remedy === undefined) return undefined;
  const { path, syscall } = error as NodeJS.ErrnoException;
  const where = named ?? path ?? (syscall === 'uv_cwd' ? 'the working folder' : syscall);
  const message = where === undefined ? meaning : `${where}: ${meaning}`;
  if (code === 'NOT_ENOUGH_MEMORY') return new MemoryLimitError(message, remedy);
  return new BodyscriptError(code, message, { cause: error, remedy });
}

/** A refusal of Node's own permission model (`node --permission`). */
interface NodeRefusal extends Error {
  readonly permission?: string;
  readonly resource?: string;
}

export function isForbiddenByNode(error: unknown): error is NodeRefusal {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_ACCESS_DENIED';
}

function forbiddenByNode({ permission = 'an access', resource }: NodeRefusal, named?: string): BodyscriptError {
  const where = named ?? resource;
  const message = `Node's permission model forbids ${permission}`;
  return new BodyscriptError('FILE_UNUSABLE', where ? `${where}: ${message}` : message, {
    remedy:
      'Give node --allow-fs-read=* --allow-fs-write=* --allow-child-process --allow-worker --allow-addons, or do without --permission.',
  });
}

/** One line of an error's message. The minified bundles of some libraries throw messages of many kilobytes. */
export function shortMessage(error: unknown, maxLength = 300): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > maxLength ? `${line.slice(0, maxLength)}...` : line;
}
