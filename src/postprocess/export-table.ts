import { checkTable } from '../formats/check-table.js';
import type { ExportFormat } from '../formats/export-formats.js';
import { isOwnExport } from '../formats/own-exports.js';
import { pictureSizeOf } from '../formats/picture-size.js';
import { followTable } from '../outputs/follow-table.js';
import { OutputSet } from '../outputs/output-set.js';
import { plannedOutputs, possibleFiles } from '../outputs/planned-outputs.js';
import { NO_OUTPUTS } from '../outputs/wanted-outputs.js';
import { claimOutputs, NAME_ANOTHER, type Writing } from '../system/claim-outputs.js';

/**
 * Writes a landmark file in other formats: reads it once, in constant memory.
 * @param stem path of the results, without suffix: `results/walk`
 * @param how metres that scale markers, and how sure joints must be, 0-1
 * @returns what was written: files, and for `openpose` a folder
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function exportTable(
  input: string,
  formats: readonly ExportFormat[],
  stem: string,
  how: { readonly personHeight?: number | undefined; readonly minConfidence?: number | undefined } = {},
  writing: Writing = {},
): Promise<string[]> {
  await checkTable(input); // A path that is wrong should leave nothing behind.
  const display = await pictureSizeOf(input);
  const options = { ...NO_OUTPUTS, exports: formats, personHeight: how.personHeight };
  const planned = plannedOutputs(stem, options);
  await using _claim = await claimOutputs({
    ...writing,
    outputs: await possibleFiles(planned, stem),
    inputs: [input],
    isOwn: path => writing.replaceOwn === true && isOwnExport(path, stem),
    unwritable: NAME_ANOTHER,
  });
  await using outputs = await OutputSet.openForTable(planned, {
    options,
    stem,
    display,
    minConfidence: how.minConfidence,
  });
  return [...(await followTable(input, outputs, writing.signal))];
}
