import type { CsvDialect } from '../formats/csv-dialect.js';
import { ANGLES } from '../outputs/lines-output.js';
import type { Writing } from '../system/claim-outputs.js';
import { looksOwn } from '../system/looks-own.js';
import { makeTableOutputs } from './table-outputs.js';

/**
 * Writes the joint and segment angles of a landmark file (`signal/angles.ts`), in constant memory.
 * @param output path of the CSV; `-` for stdout
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function writeAngles(
  input: string,
  output: string,
  writing: Writing = {},
  csvDialect?: CsvDialect,
): Promise<void> {
  const planned = [{ kind: ANGLES, files: [{ path: output, role: 'grows' as const, option: 'output' }] }];
  await makeTableOutputs(input, { planned, stem: output, options: { csvDialect }, isOwn: looksOwn }, writing);
}
