import { existsSync } from 'node:fs';
import type { ExportFormat } from '../formats/export-formats.js';
import { isOwnExport } from '../formats/own-exports.js';
import { plannedOutputs } from '../outputs/planned-outputs.js';
import { NO_OUTPUTS } from '../outputs/wanted-outputs.js';
import type { Writing } from '../system/claim-outputs.js';
import { makeTableOutputs } from './table-outputs.js';

export interface ExportHow {
  readonly personHeight?: number | undefined;
  readonly minConfidence?: number | undefined;
  /** Receives each warning about the files. */
  readonly warn?: ((message: string) => void) | undefined;
}

/**
 * Writes a landmark file in other formats: reads it once, in constant memory. A workbook includes the cycles in
 * `walk.cycles.csv`, if that lies beside the table.
 * @param stem path of the results, without suffix: `results/walk`
 * @param how metres that scale markers, and minimum confidence of joints, 0-1
 * @returns the written files, and for `openpose` a folder
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function exportTable(
  input: string,
  formats: readonly ExportFormat[],
  stem: string,
  how: ExportHow = {},
  writing: Writing = {},
): Promise<string[]> {
  const options = { exports: formats, personHeight: how.personHeight };
  const planned = plannedOutputs(stem, { ...NO_OUTPUTS, ...options });
  const isOwn = (path: string) => isOwnExport(path, stem);
  const { minConfidence, warn } = how;
  const beside = input.replace(/\.(csv|ndjson)$/, '.cycles.csv');
  const cycles = beside !== input && existsSync(beside) ? beside : undefined;
  return makeTableOutputs(input, { planned, stem, options, minConfidence, cycles, isOwn, warn }, writing);
}
