import { BodyscriptError } from '../errors.js';
import type { RunRecord } from '../model/run-record.js';
import { readRunRecord } from './read-run-record.js';

/** Possible names of a table beside `NAME.run.json`: `walk.csv`, `walk.filtered.csv`. */
const TABLE_SUFFIX = /(\.filtered)?\.(csv|ndjson)$/;

/** The path of the run record beside a table; undefined if no run names its table like this. */
export function recordPathOf(table: string): string | undefined {
  return TABLE_SUFFIX.test(table) ? table.replace(TABLE_SUFFIX, '.run.json') : undefined;
}

/** The record of the run that wrote a table, if it lies beside it and can be read. */
export async function runRecordOf(table: string): Promise<RunRecord | undefined> {
  const path = recordPathOf(table);
  return path === undefined ? undefined : readRunRecord(path).catch(() => undefined);
}

/** The part of a video to compare with the analysed one. */
interface OpenVideo {
  readonly path: string;
  readonly bytes: number;
  sha256(signal?: AbortSignal): Promise<string>;
}

/**
 * Compares a video with the run records beside tables, by its content: a copy may have any name. Tables without a
 * record, or whose run did not read the video to its end, match any video.
 * @throws BodyscriptError `TABLE_INVALID` if records contain the hash, and none of them matches
 */
export async function checkVideoOf(tables: readonly string[], video: OpenVideo, signal?: AbortSignal): Promise<void> {
  const records = await Promise.all(tables.map(runRecordOf));
  const inputs = records.flatMap(record => (record && record.input.sha256 !== null ? record.input : []));
  if (inputs.length === 0) return;
  const ofItsSize = inputs.filter(({ bytes }) => bytes === video.bytes);
  const hash = ofItsSize.length > 0 ? await video.sha256(signal) : undefined;
  if (ofItsSize.some(({ sha256 }) => sha256 === hash)) return;
  const analysed = [...new Set(inputs.map(({ path }) => path))].join(' or ');
  throw new BodyscriptError(
    'TABLE_INVALID',
    `${tables.join(', ')}: was made from another video than ${video.path}: its run record names ${analysed}, with another content hash`,
    {
      remedy:
        'Give the video that was analysed. For a copy with the same frames, such as a re-encoded one, add --any-video.',
    },
  );
}
