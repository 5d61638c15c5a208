import { rm } from 'node:fs/promises';
import { checkTable } from '../formats/check-table.js';
import { pictureSizeOf } from '../formats/picture-size.js';
import { followTable } from '../outputs/follow-table.js';
import { OutputSet } from '../outputs/output-set.js';
import { type PlannedOutput, possibleFiles } from '../outputs/planned-outputs.js';
import { NO_OUTPUTS, type WantedOutputs } from '../outputs/wanted-outputs.js';
import { claimOutputs, NAME_ANOTHER, type Writing } from '../system/claim-outputs.js';
import { partialPath } from '../system/whole-file.js';

/** Outputs made from a table alone. */
interface TableOutputs {
  readonly planned: readonly PlannedOutput[];
  /** Path of the results without suffix: `results/walk`. */
  readonly stem: string;
  readonly options?: Partial<WantedOutputs>;
  /** Joints of lower confidence are left out of exports, 0-1; undefined: the default. */
  readonly minConfidence?: number | undefined;
  /** A CSV file with the table's cycles, if there are any. */
  readonly cycles?: string | undefined;
  /** Whether an earlier run of the same command made a file. */
  readonly isOwn: (path: string) => Promise<boolean>;
  /** Receives each warning about the files. */
  readonly warn?: ((message: string) => void) | undefined;
}

/**
 * Makes outputs from a landmark file: reads it once, in constant memory.
 * @returns the written files, and for `openpose` a folder
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function makeTableOutputs(
  input: string,
  { planned, stem, options, minConfidence, cycles, isOwn, warn }: TableOutputs,
  writing: Writing,
): Promise<string[]> {
  await checkTable(input); // A wrong path should leave no files.
  const display = await pictureSizeOf(input);
  await using _claim = await claimOutputs({
    ...writing,
    outputs: await possibleFiles(planned, stem),
    inputs: cycles === undefined ? [input] : [input, cycles],
    isOwn: path => writing.replaceOwn === true && isOwn(path),
    unwritable: NAME_ANOTHER,
  });
  const context = { options: { ...NO_OUTPUTS, ...options }, stem, display, minConfidence, cycles };
  try {
    await using outputs = await OutputSet.openForTable(planned, context);
    const written = await followTable(input, outputs, writing.signal);
    for (const message of outputs.warnings) warn?.(message);
    return [...written];
  } catch (error) {
    await removeGrown(planned);
    throw error;
  }
}

/** An analysis would continue from it; a table is read again in seconds. */
async function removeGrown(planned: readonly PlannedOutput[]): Promise<void> {
  const grown = planned.flatMap(({ files }) => files.filter(({ role, path }) => role === 'grows' && path !== '-'));
  for (const { path } of grown) {
    await rm(partialPath(path), { force: true }).catch(() => {}); // The first failure counts.
  }
}
