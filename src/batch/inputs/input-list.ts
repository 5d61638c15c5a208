import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { shortMessage, systemMeaning, UsageError } from '../../errors.js';

/**
 * The paths in a list, one on each line, or ended by NUL as `find -print0` writes them. Empty lines are skipped.
 * The list is UTF-8, or UTF-16 with its mark, as `>` of PowerShell 5.1 writes it.
 * @param file path of the list, or `-` for stdin
 * @throws UsageError if the list cannot be read
 */
export async function* readInputList(file: string, nullSeparated: boolean): AsyncGenerator<string> {
  const stream: Readable = file === '-' ? process.stdin : createReadStream(file);
  let rest = '';
  try {
    for await (const text of decoded(stream)) {
      if (!nullSeparated && text.includes('\0')) throw notLines(file);
      const parts = (rest + text).split(nullSeparated ? '\0' : '\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield* entry(part, nullSeparated);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `--from-file ${file}: cannot be read (${systemMeaning(error) ?? shortMessage(error)})`,
      'Check its path and permissions.',
    );
  }
  yield* entry(rest, nullSeparated);
}

/** The mark of UTF-16 in the byte order of Windows. */
const WIDE_MARK = Buffer.from([0xff, 0xfe]);

/** The text of a list, without the byte order mark that programs of Windows begin it with. */
async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: StringDecoder | undefined;
  let start = Buffer.alloc(0);
  let isFirst = true;
  const clean = (text: string) => {
    const bare = isFirst ? text.replace(/^\ufeff/, '') : text;
    isFirst &&= text === '';
    return bare;
  };
  const decoderFor = (bytes: Buffer) =>
    new StringDecoder(bytes.subarray(0, WIDE_MARK.length).equals(WIDE_MARK) ? 'utf16le' : 'utf8');
  for await (const chunk of chunks) {
    start = Buffer.concat([start, chunk]);
    if (decoder === undefined && start.length < WIDE_MARK.length) continue;
    decoder ??= decoderFor(start);
    yield clean(decoder.write(start));
    start = Buffer.alloc(0);
  }
  decoder ??= decoderFor(start);
  yield clean(decoder.write(start) + decoder.end());
}

function notLines(file: string): UsageError {
  const remedy = 'Save it as UTF-8; for the output of find -print0, add -0.';
  return new UsageError(`--from-file ${file}: contains NUL characters (the output of find -print0, or UTF-16)`, remedy);
}

function* entry(text: string, nullSeparated: boolean): Generator<string> {
  const path = nullSeparated ? text : text.replace(/\r$/, '');
  if (path.trim() !== '') yield path;
}
