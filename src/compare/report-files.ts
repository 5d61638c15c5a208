import { claimOutputs, type OutputClaim, type Writing } from '../system/claim-outputs.js';
import { openOutput } from '../system/growing-output.js';
import { readStart } from '../system/own-file.js';

/**
 * First lines of this program's reports, in JUnit and in Markdown: reports of an earlier comparison are replaced
 * without asking.
 */
const OWN =
  /^(<\?xml[^>]*\?>\s*<testsuites[^>]*>\s*<testsuite name="bodyscript compare"|### Landmarks: (as golden|different)\n)/;
const MARK_WITHIN_BYTES = 512;

/**
 * Reserves the paths of reports before the long comparison begins.
 * @throws BodyscriptError `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function claimReports(
  places: readonly (string | undefined)[],
  inputs: readonly string[],
  writing: Writing,
): Promise<OutputClaim> {
  const outputs = places.filter(place => place !== undefined);
  return claimOutputs({ ...writing, outputs, inputs, isOwn: isOwnReport });
}

/** Writes a report to a claimed file, complete or not at all. */
export async function writeReport(path: string, text: string): Promise<void> {
  const file = await openOutput(path);
  try {
    await file.append(text);
    await file.close();
    await file.publish();
  } catch (error) {
    await file.remove().catch(() => {}); // Only the first failure counts.
    throw error;
  }
}

async function isOwnReport(path: string): Promise<boolean> {
  return OWN.test(await readStart(path, MARK_WITHIN_BYTES));
}
