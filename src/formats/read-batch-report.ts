import * as z from '#zod';
import { BodyscriptError } from '../errors.js';
import { checked, count, list, name, text } from './bounds.js';
import { parsePlainJson, UnfitJson } from './plain-json.js';
import { LineTooLong, linesOf, readBytes, textOf } from './text-pieces.js';

/** Number of videos without results that are listed; the rest are counted. */
const MOST_KEPT = 1000;
/** The list of videos has one line for each; the rest of the object follows it. */
const LIST_BEGINS = '"videos": [';
const LIST_ENDS = '],';
const LONGEST_REST = 1024 * 1024;
/** A video with results has its own run record: its line is not parsed. Inside a text the quotes would be escaped. */
const HAS_RESULTS = /"outcome":"(done|skipped)"/;

const VIDEO = z.object({
  path: text(),
  name: text(),
  outcome: z.enum(['failed', 'interrupted', 'not run']),
  error: z.nullable(z.object({ code: name(), message: text(), remedy: z.nullable(text()) })),
});
const PASSED_OVER = z.object({
  notVideo: count(),
  text: count(),
  proxies: count(),
  hidden: count(),
  links: count(),
  excluded: count(),
  outputs: count(),
  unreadable: list(text(), 1000),
});
/** A report that was merged from several does not say what was skipped. */
const REST = z.object({ startedAt: z.optional(z.nullable(name())), passedOver: z.optional(PASSED_OVER) });

/** A video of a batch without results. */
type UnfinishedVideo = z.output<typeof VIDEO>;

/** A batch's facts about the videos without results. */
export interface BatchReport extends z.output<typeof REST> {
  /** The first thousand. */
  readonly unfinished: readonly UnfinishedVideo[];
  readonly unfinishedInAll: number;
}

/**
 * Reads `batch.json` line by line, as it may list a hundred thousand videos and may have been edited.
 * @throws BodyscriptError `INPUT_MISSING`, or `RECORD_INVALID` if a field has another type or the layout is not that
 * of `writeBatchReport`
 */
export async function readBatchReport(path: string): Promise<BatchReport> {
  const lines = new ReportLines();
  try {
    for await (const line of linesOf(textOf(readBytes(path)))) lines.add(line);
    return lines.report();
  } catch (cause) {
    if (cause instanceof UnfitJson || cause instanceof LineTooLong) throw invalid(path, cause);
    throw cause;
  }
}

/** A batch report being read. */
class ReportLines {
  readonly #unfinished: UnfinishedVideo[] = [];
  #unfinishedInAll = 0;
  #part: 'head' | 'list' | 'rest' = 'head';
  #rest = '';

  add(line: string): void {
    if (this.#part === 'rest') this.#rest = longer(this.#rest, line);
    else if (this.#part === 'list') this.#addToList(line);
    else if (line === LIST_BEGINS) this.#part = 'list';
    else checkHead(line);
  }

  #addToList(line: string): void {
    if (line === LIST_ENDS) this.#part = 'rest';
    if (line === '' || line === LIST_ENDS || HAS_RESULTS.test(line)) return;
    this.#unfinishedInAll++;
    if (this.#unfinished.length < MOST_KEPT) this.#unfinished.push(parsed(VIDEO, line.replace(/,$/, '')));
  }

  report(): BatchReport {
    const rest = parsed(REST, `{${this.#rest}`);
    return { unfinished: this.#unfinished, unfinishedInAll: this.#unfinishedInAll, ...rest };
  }
}

function checkHead(line: string): void {
  if (line !== '{' && !line.startsWith('"reportVersion": '))
    throw new UnfitJson('it is not laid out as bodyscript writes it');
}

function longer(rest: string, line: string): string {
  if (rest.length + line.length > LONGEST_REST) throw new UnfitJson('what follows its list of videos is too long');
  return `${rest}${line}\n`;
}

function parsed<T extends z.ZodMiniType>(schema: T, json: string): z.output<T> {
  const result = checked(schema, parsePlainJson(json));
  if ('problem' in result) throw new UnfitJson(result.problem);
  return result.data;
}

function invalid(path: string, cause: Error): BodyscriptError {
  return new BodyscriptError('RECORD_INVALID', `${path}: is not a batch report: ${cause.message}`, {
    cause,
    remedy: 'Run the batch again, or remove the file.',
  });
}
