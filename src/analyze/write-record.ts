import type { RunRecord } from '../model/run-record.js';
import { outputError, partialPath, publish, writeWhole } from '../system/whole-file.js';

/** JSON to be read by people: lists of numbers on one line. */
function spelled(record: RunRecord): string {
  return JSON.stringify(record, null, 2).replaceAll(/\[\s+(-?\d[^\]"{}[]*?)\s+\]/g, (_, numbers: string) => {
    return `[${numbers.replaceAll(/\s+/g, ' ')}]`;
  });
}

/**
 * Writes the record under its `*.partial` name. What was there before stays until this one is whole: it may be all that
 * tells whose the outputs are.
 */
export async function writeRecordDraft(path: string, record: RunRecord): Promise<void> {
  try {
    await writeWhole(partialPath(path), `${spelled(record)}\n`);
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** Writes the record of a finished run under its final name. */
export async function writeRecord(path: string, record: RunRecord): Promise<void> {
  await writeRecordDraft(path, record);
  await publish(path);
}
