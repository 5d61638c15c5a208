import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { shortMessage, systemMeaning, UsageError } from '../../errors.js';

/**
 * The paths in a list, one on each line, or ended by NUL as `find -print0` writes them. Empty lines are passed over.
 * @param file path of the list, or `-` for stdin
 * @throws UsageError when the list cannot be read
 */
export async function* readInputList(file: string, nullSeparated: boolean): AsyncGenerator<string> {
  const stream: Readable = file === '-' ? process.stdin : createReadStream(file);
  stream.setEncoding('utf8');
  let rest = '';
  try {
    for await (const text of withoutMark(stream)) {
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

/** Editors on Windows begin a text with a byte order mark. */
async function* withoutMark(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const text of texts) {
    yield isFirst ? text.replace(/^\ufeff/, '') : text;
    isFirst = false;
  }
}

function notLines(file: string): UsageError {
  const remedy = 'Save it as UTF-8; for the output of find -print0, add -0.';
  return new UsageError(`--from-file ${file}: contains NUL characters (UTF-16, or the output of find -print0)`, remedy);
}

function* entry(text: string, nullSeparated: boolean): Generator<string> {
  const path = nullSeparated ? text : text.replace(/\r$/, '');
  if (path.trim() !== '') yield path;
}
