import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { BodyscriptError, shortMessage, systemErrorCode } from '../errors.js';
import { isAddress, withoutSecrets } from '../text/url.js';
import { openRegular, UnreadableFile } from './regular-file.js';

/** Bytes per read. */
const PIECE_BYTES = 64 * 1024;
/** A row of the wide table is 4 kB, a line of NDJSON with 16 people 150 kB. */
export const LONGEST_LINE = 1024 * 1024;
/** The shell's path for `<(command)`, and stdin by another name: only the caller of the program can choose these. */
const DESCRIPTOR = /^\/(dev|proc\/self)\/(fd\/\d+|stdin)$/;

/** A line above the length limit. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
  /** 1-based. */
  readonly line: number;

  constructor(line: number) {
    super(`line ${line} is longer than ${LONGEST_LINE / 1024} kB`);
    this.line = line;
  }
}

/**
 * A file in pieces that end anywhere; `-` is stdin. Each piece is valid until the next one is requested.
 * @throws BodyscriptError `INPUT_MISSING`
 */
export async function* readBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* await openBytes(path);
  } catch (cause) {
    throw cause instanceof BodyscriptError ? cause : missing(path, cause);
  }
}

/**
 * Such pieces as text.
 * @param firstLine 1-based line of their beginning
 * @throws LineTooLong before such a line is in memory
 */
export async function* textOf(pieces: AsyncIterable<Uint8Array>, firstLine = 1): AsyncGenerator<string> {
  const length = new LineLength(firstLine);
  const decoder = new StringDecoder('utf8');
  for await (const piece of pieces) {
    const text = decoder.write(piece);
    length.add(text);
    yield text;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

/** Whether the text comes from stdin or an open descriptor, as with `<(command)`. */
export function isAnotherProgram(path: string): boolean {
  return path === '-' || DESCRIPTOR.test(path);
}

async function openBytes(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path === '-') return process.stdin;
  if (DESCRIPTOR.test(path)) return createReadStream(path, { highWaterMark: PIECE_BYTES });
  return bytesOf(await openRegular(path));
}

/** The next piece is read while the last one is processed, in two buffers: a new one for each would be garbage. */
async function* bytesOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  const buffers = [Buffer.allocUnsafeSlow(PIECE_BYTES), Buffer.allocUnsafeSlow(PIECE_BYTES)] as const;
  const read = (into: Buffer) => {
    const reading = handle.read(into, 0, PIECE_BYTES);
    reading.catch(() => {}); // Nothing may read it any more.
    return reading;
  };
  let reading = read(buffers[0]);
  try {
    for (let turn = 0; ; turn++) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) return;
      reading = read(buffers[((turn + 1) % 2) as 0 | 1]);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await reading.catch(() => {});
    await handle.close();
  }
}

function missing(path: string, cause: unknown): BodyscriptError {
  if (isAddress(path)) {
    return new BodyscriptError('INPUT_MISSING', `${withoutSecrets(path)}: is a URL, not a file`, {
      cause: new Error(systemErrorCode(cause)), // Its own message may contain the whole address.
      remedy: 'Download it first, and give the file.',
    });
  }
  const isOther = cause instanceof UnreadableFile && !cause.isMissing;
  return new BodyscriptError('INPUT_MISSING', `${path}: ${shortMessage(cause)}`, {
    cause,
    remedy: isOther ? 'Give a landmark table (.csv or .ndjson).' : 'Check the spelling of the path.',
  });
}

/** Checks the length of lines, in characters. */
class LineLength {
  #line: number;
  #length = 0;

  constructor(firstLine: number) {
    this.#line = firstLine;
  }

  add(piece: string): void {
    let from = 0;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      this.#grow(at - from);
      this.#line++;
      this.#length = 0;
      from = at + 1;
    }
    this.#grow(piece.length - from);
  }

  #grow(by: number): void {
    this.#length += by;
    if (this.#length > LONGEST_LINE) throw new LineTooLong(this.#line);
  }
}

/** The lines of such pieces, without their ends. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
