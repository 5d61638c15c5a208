import * as z from '#zod';
import { sha256OfFiles } from '../system/file-hash.js';
import { PACKAGE } from '../system/package-info.js';
import { STDOUT } from '../system/whole-file.js';
import { amount, checked, count, name, text } from './bounds.js';
import { parsePlainJson } from './plain-json.js';
import { readWhole } from './regular-file.js';
import { isAnotherProgram } from './text-pieces.js';

const LARGEST_BYTES = 64 * 1024;
const MARK = 'bodyscript filter';

const SMOOTHING = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('butterworth'), order: count(), cutoffHz: amount() }),
  z.object({ kind: z.literal('savitzky-golay'), window: count(), polynomial: count() }),
  z.object({ kind: z.literal('median'), window: count() }),
  z.object({ kind: z.literal('loess'), share: amount() }),
  z.object({ kind: z.literal('one-euro'), minCutoffHz: amount(), beta: amount() }),
]);

const NOTE = z.object({
  made: z.literal(MARK),
  version: name(),
  /** The source table; its hash is null if it came from another program. */
  of: z.object({ path: text(), sha256: z.nullable(name()) }),
  /** SHA-256 of the filtered table. */
  sha256: name(),
  options: z.object({
    smoothing: SMOOTHING,
    maxGap: count(),
    interpolation: z.enum(['linear', 'cubic']),
    rejectOutliers: z.boolean(),
  }),
  frames: count(),
  filled: count(),
  rejected: count(),
});

/** How a table was filtered: `NAME.filter.json` beside it. */
export type FilterNote = z.infer<typeof NOTE>;

/** The path of a filtered table's note; undefined for a pipe, which has none. */
export function filterNotePath(table: string): string | undefined {
  if (table === STDOUT || isAnotherProgram(table)) return undefined;
  return `${table.replace(/(\.filtered)?\.csv$/, '')}.filter.json`;
}

/** The note of a finished filtering, as JSON. */
export async function filterNote(
  input: string,
  output: string,
  done: Pick<FilterNote, 'options' | 'frames' | 'filled' | 'rejected'>,
): Promise<string> {
  const { options, frames, filled, rejected } = done;
  const { smoothing, maxGap, interpolation, rejectOutliers } = options;
  const note: FilterNote = {
    made: MARK,
    version: PACKAGE.version,
    of: { path: input, sha256: isAnotherProgram(input) ? null : await sha256OfFiles([input]) },
    sha256: await sha256OfFiles([output]),
    options: { smoothing, maxGap, interpolation, rejectOutliers },
    frames,
    filled,
    rejected,
  };
  return `${JSON.stringify(note, null, 2)}\n`;
}

/** Reads a note, which may come from another program; undefined if it is absent or unusable. */
export async function readFilterNote(path: string): Promise<FilterNote | undefined> {
  try {
    const result = checked(NOTE, parsePlainJson((await readWhole(path, LARGEST_BYTES)).toString('utf8')));
    return 'problem' in result ? undefined : result.data;
  } catch {
    return undefined; // A table without its note is still a table.
  }
}
