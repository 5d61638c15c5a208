import type { ExportFormat } from '../model/export-formats.js';
import { pictureSizeOf } from '../tables/picture-size.js';
import { followTable } from '../tables/table-follower.js';
import type { ExportFacts } from './export-facts.js';
import { openExporters } from './open-exporters.js';

/**
 * Writes a landmark file in other formats: reads it once, in constant memory.
 * @param stem path of the results, without suffix: `results/walk`
 * @param how what formats are told beside the frames, as `ExportFacts` has it
 * @returns what was written: files, and for `openpose` a folder
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`
 */
export async function exportTable(
  input: string,
  formats: readonly ExportFormat[],
  stem: string,
  how: Pick<Partial<ExportFacts>, 'personHeight' | 'minConfidence'> = {},
): Promise<string[]> {
  const display = await pictureSizeOf(input);
  return followTable(
    input,
    await openExporters(formats, { stem, display, personHeight: how.personHeight, minConfidence: how.minConfidence }),
  );
}
