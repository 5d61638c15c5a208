import { checkTable } from '../formats/check-table.js';
import type { ExportFacts } from '../formats/export-facts.js';
import type { ExportFormat } from '../formats/export-formats.js';
import { existingExports, exportNames, openExporters } from '../formats/open-exporters.js';
import { isOwnExport } from '../formats/own-exports.js';
import { pictureSizeOf } from '../formats/picture-size.js';
import { followTable } from '../formats/table-follower.js';
import { claimOutputs, NAME_ANOTHER, type Writing } from '../system/claim-outputs.js';

/**
 * Writes a landmark file in other formats: reads it once, in constant memory.
 * @param stem path of the results, without suffix: `results/walk`
 * @param how what formats are told beside the frames, as `ExportFacts` has it
 * @returns what was written: files, and for `openpose` a folder
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function exportTable(
  input: string,
  formats: readonly ExportFormat[],
  stem: string,
  how: Pick<Partial<ExportFacts>, 'personHeight' | 'minConfidence'> = {},
  writing: Writing = {},
): Promise<string[]> {
  await checkTable(input); // A path that is wrong should leave nothing behind.
  const display = await pictureSizeOf(input);
  const outputs = new Set([...exportNames(formats, stem), ...(await existingExports(formats, stem))]);
  await using _claim = await claimOutputs({
    ...writing,
    outputs: [...outputs],
    inputs: [input],
    isOwn: path => writing.replaceOwn === true && isOwnExport(path, stem),
    unwritable: NAME_ANOTHER,
  });
  const facts = { stem, display, personHeight: how.personHeight, minConfidence: how.minConfidence };
  return await followTable(input, await openExporters(formats, facts), writing.signal);
}
