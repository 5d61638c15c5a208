import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { shortMessage, systemErrorCode } from '../errors.js';

/** Maximum size of a configuration; one with all options has 5 KB. */
const MOST_BYTES = 2 ** 20;

/** A file's content, parsed but not checked. */
export interface ConfigText {
  readonly isEmpty: boolean;
  readonly content: unknown;
}

/**
 * Reads a regular file of bounded length as JSON or, with the suffix .toml, TOML. Anything else at its path (a FIFO,
 * folder or device) is refused without waiting for it. @param isNamed whether the user named this file; otherwise an
 * unreadable one counts as absent @returns undefined if the file does not exist; an empty file has no options
 */
export async function readConfig(path: string, isNamed: boolean): Promise<ConfigText | undefined> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK, opening a FIFO waits for a writer.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || (code === 'EACCES' && !isNamed)) return undefined;
    throw error;
  }
  try {
    const text = await boundedText(handle);
    if (text.trim() === '') return { isEmpty: true, content: {} };
    return { isEmpty: false, content: await parsed(text, extname(path).toLowerCase() === '.toml') };
  } finally {
    await handle.close();
  }
}

/** @throws SyntaxError with the parser's first line and, in TOML, the place */
async function parsed(text: string, isToml: boolean): Promise<unknown> {
  try {
    return isToml ? timesAsText((await import('smol-toml')).parse(text)) : JSON.parse(text);
  } catch (cause) {
    const { line } = cause as { line?: number };
    const where = line === undefined ? '' : ` in line ${line}`;
    const why = shortMessage(cause).replace(/^Invalid TOML document: /, '');
    throw new SyntaxError(`not valid ${isToml ? 'TOML' : 'JSON'}${where}: ${why}`, { cause });
  }
}

/** TOML has times of its own, as in `start = 00:01:30`; options take them as texts. */
function timesAsText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(timesAsText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, timesAsText(inner)]));
}

async function boundedText(handle: FileHandle): Promise<string> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw new TypeError(`is ${stats.isDirectory() ? 'a folder' : 'a device or a pipe'}, not a file`);
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    length += bytesRead;
    if (bytesRead === 0 || length === bytes.length) break;
  }
  if (length > MOST_BYTES) throw new RangeError(`is longer than ${MOST_BYTES} bytes`);
  return bytes.toString('utf8', 0, length).replace(/^\uFEFF/, '');
}
