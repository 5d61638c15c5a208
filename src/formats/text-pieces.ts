import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { BodyscriptError, shortMessage } from '../errors.js';
import { openRegular, UnreadableFile } from './regular-file.js';

/** With 256 kB two tables side by side peak at 172 MB, with this at 90. */
const PIECE_BYTES = 64 * 1024;
/** A row of the wide table is 4 kB, a line of NDJSON with 16 people 150 kB. */
export const LONGEST_LINE = 1024 * 1024;
/** What the shell makes of `<(command)`, and stdin by another name: only who calls the program can mean it. */
const DESCRIPTOR = /^\/(dev|proc\/self)\/(fd\/\d+|stdin)$/;

/** A line that is longer than lines may be. */
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
 * A text file in pieces that end where they may; `-` is stdin.
 * @throws LineTooLong before such a line is in memory; BodyscriptError `INPUT_MISSING`
 */
export async function* readPieces(path: string): AsyncGenerator<string> {
  const length = new LineLength();
  try {
    for await (const piece of await openText(path)) {
      length.add(piece as string);
      yield piece as string;
    }
  } catch (cause) {
    if (cause instanceof LineTooLong || cause instanceof BodyscriptError) throw cause;
    throw missing(path, cause);
  }
}

async function openText(path: string): Promise<Readable> {
  if (path === '-') return process.stdin.setEncoding('utf8');
  const how = { encoding: 'utf8', highWaterMark: PIECE_BYTES } as const;
  if (DESCRIPTOR.test(path)) return createReadStream(path, how);
  return (await openRegular(path)).createReadStream(how);
}

function missing(path: string, cause: unknown): BodyscriptError {
  const isOther = cause instanceof UnreadableFile && !cause.isMissing;
  return new BodyscriptError('INPUT_MISSING', `${path}: ${shortMessage(cause)}`, {
    cause,
    remedy: isOther ? 'Name a file that can be read.' : 'Check the spelling of the path.',
  });
}

/** Watches the length of lines, in characters. */
class LineLength {
  #line = 1;
  #length = 0;

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
