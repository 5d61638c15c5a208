import { inferSchema, initParser } from 'udsv';
import { BodyscriptError } from '../errors.js';
import { withDecimalPoints } from './csv-dialect.js';
import { LineTooLong, LONGEST_LINE, readPieces } from './text-pieces.js';

/** The header and the rows of a CSV file, some hundred rows at a time. To be closed on every path. */
export interface CsvRows extends AsyncDisposable {
  readonly columns: readonly string[];
  /** 1-based line of the first row of a batch. */
  batches(): AsyncGenerator<{ readonly rows: readonly (readonly string[])[]; readonly firstLine: number }>;
}

/**
 * Reads a CSV file row by row, in constant memory: LF or CRLF, commas, semicolons or tabs, quoted or not. Where no
 * comma stands between cells, numbers may have decimal commas; they come with points.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function openCsv(path: string): Promise<CsvRows> {
  const texts = readTexts(path);
  const close = async () => void (await texts.return(undefined));
  try {
    const head = await readHead(path, texts);
    const line = head.slice(0, head.indexOf('\n') + 1 || undefined);
    const schema = parsing(path, 'its first line is no header', () =>
      inferSchema(line, { encl: '"', esc: '"', ...(head.includes('\n') ? {} : { row: '\n' }) }),
    );
    const columns = schema.cols.map(({ name }) => name);
    return { columns, batches: () => batches(path, head, texts, schema, columns.length), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The text up to the end of the header at least. */
async function readHead(path: string, texts: AsyncGenerator<string>): Promise<string> {
  let head = '';
  while (!head.includes('\n') && head.length <= LONGEST_LINE) {
    const { done, value } = await texts.next();
    if (done) break;
    head += value;
  }
  head = head.replace(/^\uFEFF/, '');
  if (head.trim() === '') throw invalid(path, 'it is empty');
  return head;
}

async function* batches(
  path: string,
  head: string,
  texts: AsyncGenerator<string>,
  schema: ReturnType<typeof inferSchema>,
  width: number,
): AsyncGenerator<{ rows: string[][]; firstLine: number }> {
  const parser = initParser(schema);
  const parse = (text: string) =>
    parsing(path, `after line ${line - 1} it is no CSV`, () => parser.chunk(text, parser.stringArrs, keep));
  const count = new LineCount();
  let rows: string[][] = [];
  let line = 2;
  const keep = (row: string[]) => {
    rows.push(row);
  };
  const take = () => {
    if (schema.col !== ',') withDecimalPoints(rows);
    const batch = { rows, firstLine: line };
    line += rows.length;
    rows = [];
    return batch;
  };
  parse(head);
  count.add(head);
  if (rows.length > 0) yield take();
  for await (const text of texts) {
    count.add(text);
    parse(text);
    if (rows.length > 0) yield take();
  }
  parsing(path, 'its end is no CSV', () => parser.end());
  if (rows.length > 0) yield take();
  // The parser takes cells that lack in a line from the next one.
  if (count.lines !== line - 1)
    throw invalid(path, `of ${count.lines} lines some have not the header's ${width} cells`);
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

/** The file as text, in pieces that end where they may. @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID` */
export async function* readTexts(path: string): AsyncGenerator<string> {
  try {
    yield* readPieces(path);
  } catch (error) {
    throw error instanceof LineTooLong ? invalid(path, error.message) : error;
  }
}

export function invalid(path: string, what: string): BodyscriptError {
  return new BodyscriptError('TABLE_INVALID', `${path}: is no landmark table: ${what}`, {
    remedy: 'Name a .csv or .ndjson that "bodyscript analyze" wrote; "bodyscript help csv" describes it.',
  });
}
