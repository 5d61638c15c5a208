import { inferSchema, initParser } from 'udsv';
import { BodyscriptError } from '../errors.js';
import { ByteRows } from './byte-rows.js';
import { withDecimalPoints } from './csv-dialect.js';
import { type RowBatch, TextRows } from './row-cells.js';
import { LineTooLong, LONGEST_LINE, readBytes, textOf } from './text-pieces.js';

/** The header and the rows of a CSV file, some hundred rows at a time. To be closed on every path. */
export interface CsvRows extends AsyncDisposable {
  readonly columns: readonly string[];
  /** Each batch is to be read to its end, before the next one is asked for. */
  batches(): AsyncGenerator<RowBatch>;
}

type Schema = ReturnType<typeof inferSchema>;

/** What is read of a table before its rows. */
interface Head {
  readonly path: string;
  /** The first line with its end, without a byte order mark. */
  readonly line: string;
  readonly schema: Schema;
  /** What was read behind it. */
  readonly rest: Buffer;
}

/**
 * Reads a CSV file row by row, in constant memory: LF or CRLF, commas, semicolons or tabs, quoted or not. Where no
 * comma stands between cells, numbers may have decimal commas; they come with points.
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

/** From the bytes as long as they are plain, from then on by the parser. */
async function* batches(head: Head, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<RowBatch> {
  const { schema, rest } = head;
  const isPlain = schema.col === ','; // Others may have decimal commas.
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

/** Without closing the pieces: others go on with them. */
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
  // The parser takes cells that lack in a line from the next one.
  if (lines !== line - 1)
    throw invalid(path, `some of its ${lines} lines do not have ${schema.cols.length} cells like the header`);
}

/** The parser's own failures are the table's: an open quote leaves it without a row. */
function parsing<T>(path: string, problem: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw invalid(path, problem);
  }
}

/** Counts the lines of a text that comes in pieces, empty ones at its end left out. */
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

/** A file as text, in pieces that end where they may. @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID` */
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
