import type { RunRecord } from '../model/run-record.js';
import { outputError, partialPath, publish, writeWhole } from '../system/whole-file.js';

/** JSON for people: lists of numbers on one line. */
function spelled(record: RunRecord): string {
  return JSON.stringify(record, null, 2).replaceAll(/\[\s+(-?\d[^\]"{}[]*?)\s+\]/g, (_, numbers: string) => {
    return `[${numbers.replaceAll(/\s+/g, ' ')}]`;
  });
}

/**
 * Writes the record under its `*.partial` name. The previous one stays until this one is complete: it may be the only
 * evidence for the owner of the outputs.
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
