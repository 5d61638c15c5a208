import { inferSchema, initParser } from 'udsv';
import { BodyscriptError } from '../errors.js';
import { ByteRows } from './byte-rows.js';
import { withDecimalPoints } from './csv-dialect.js';
import { type RowBatch, TextRows } from './row-cells.js';
import { LineTooLong, LONGEST_LINE, readBytes, textOf } from './text-pieces.js';

/** The header and the rows of a CSV file, some hundred rows at a time. Close it on every path. */
export interface CsvRows extends AsyncDisposable {
  readonly columns: readonly string[];
  /** Read each batch to its end before asking for the next one. */
  batches(): AsyncGenerator<RowBatch>;
}

type Schema = ReturnType<typeof inferSchema>;

/** The part of a table read before its rows. */
interface Head {
  readonly path: string;
  /** The first line with its line end, without a byte order mark. */
  readonly line: string;
  readonly schema: Schema;
  /** The text read after it. */
  readonly rest: Buffer;
}

/**
 * Reads a CSV file row by row, in constant memory: LF or CRLF, commas, semicolons or tabs, quoted or not. If no comma
 * separates cells, numbers may have decimal commas; they are returned with points.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function openCsv(path: string): Promise<CsvRows> {
  const pieces = readBytes(path);
  const close = async () => void (await pieces.return(undefined));
  try {
    const head = await readHead(path, pieces);
    const columns = head.schema.cols.map(({ name }) => name);
    return { columns, batches: () => batches(head, pieces), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readHead(path: string, pieces: AsyncGenerator<Uint8Array>): Promise<Head> {
  let bytes: Buffer = Buffer.alloc(0);
  while (!bytes.includes(NEWLINE) && bytes.length <= LONGEST_LINE) {
    const { done, value } = await pieces.next();
    if (done) break;
    bytes = Buffer.concat([bytes, value]);
  }
  const end = bytes.indexOf(NEWLINE) + 1 || bytes.length;
  const line = bytes.toString('utf8', 0, end).replace(/^\uFEFF/, '');
  if (line.length > LONGEST_LINE) throw invalid(path, new LineTooLong(1).message);
  if (line.trim() === '' && bytes.subarray(end).toString('utf8').trim() === '')
    throw invalid(path, 'the file is empty');
  const schema = parsing(path, 'its first line is not a header', () =>
    inferSchema(line, { encl: '"', esc: '"', ...(line.includes('\n') ? {} : { row: '\n' }) }),
  );
  return { path, line, schema, rest: bytes.subarray(end) };
}

const NEWLINE = '\n';

/** From the bytes while they are plain, then by the parser. */
async function* batches(head: Head, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<RowBatch> {
  const { schema, rest } = head;
  const isPlain = schema.col === ','; // Other separators allow decimal commas.
  if (!isPlain || !ByteRows.canRead(schema.cols.length, schema.col, schema.row)) {
    yield* parsedRows(head, chained(rest, pieces), 2);
    return;
  }
  const plain = new ByteRows(schema.cols.length, schema.col, schema.row === '\r\n', 1);
  for await (const piece of chained(rest, pieces)) {
    plain.feed(piece);
    yield plain;
    if (plain.isUnusual) break;
  }
  yield* parsedRows(head, chained(plain.rest, pieces), plain.line);
}

/** Does not close the pieces: others continue with them. */
async function* chained(first: Uint8Array, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return;
    yield value;
  }
}

/** Rows by the CSV parser. @param firstLine 1-based line of the first piece */
async function* parsedRows(
  { path, line: header, schema }: Head,
  pieces: AsyncIterable<Uint8Array>,
  firstLine: number,
): AsyncGenerator<RowBatch> {
  const parser = initParser(schema);
  const parse = (text: string) =>
    parsing(path, `not valid CSV after line ${line - 1}`, () => parser.chunk(text, parser.stringArrs, keep));
  const count = new LineCount();
  let rows: string[][] = [];
  let line = firstLine;
  const keep = (row: string[]) => {
    rows.push(row);
  };
  const take = () => {
    if (schema.col !== ',') withDecimalPoints(rows);
    const batch = new TextRows(rows, line);
    line += rows.length;
    rows = [];
    return batch;
  };
  parse(header);
  for await (const text of readTexts(path, pieces, firstLine)) {
    count.add(text);
    parse(text);
    if (rows.length > 0) yield take();
  }
  parsing(path, 'its end is not valid CSV', () => parser.end());
  if (rows.length > 0) yield take();
  const lines = count.lines + firstLine - 1;
  // The parser fills up a short line with cells of the next one.
  if (lines !== line - 1)
    throw invalid(path, `some of its ${lines} lines do not have ${schema.cols.length} cells like the header`);
}

/** The parser's own failures are errors in the table: an open quote leaves it without a row. */
function parsing<T>(path: string, problem: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw invalid(path, problem);
  }
}

/** Counts the lines of a text in pieces, without empty ones at its end. */
class LineCount {
  #ended = 0;
  #tail = '';

  add(text: string): void {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      if (at > from + 1 || this.#tail.trim() !== '' || text.slice(from, at).trim() !== '') this.#ended++;
      this.#tail = '';
      from = at + 1;
    }
    this.#tail += text.slice(from);
  }

  get lines(): number {
    return this.#ended + (this.#tail.trim() === '' ? 0 : 1);
  }
}

/** A file as text, in pieces that end anywhere. @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID` */
export async function* readTexts(
  path: string,
  pieces: AsyncIterable<Uint8Array> = readBytes(path),
  firstLine = 1,
): AsyncGenerator<string> {
  try {
    yield* textOf(pieces, firstLine);
  } catch (error) {
    throw error instanceof LineTooLong ? invalid(path, error.message) : error;
  }
}

export function invalid(path: string, what: string): BodyscriptError {
  return new BodyscriptError('TABLE_INVALID', `${path}: is not a landmark table: ${what}`, {
    remedy: 'Give a .csv or .ndjson file that "bodyscript analyze" wrote (see "bodyscript help csv").',
  });
}
