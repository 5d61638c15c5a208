import { BodyscriptError } from '../errors.js';
import type { RecordedOptions, RunRecord } from '../model/run-record.js';
import { checked } from './bounds.js';
import { parsePlainJson, UnfitJson } from './plain-json.js';
import { readWhole, UnreadableFile } from './regular-file.js';
import { RUN_RECORD } from './run-record-schema.js';
import { upgradeRunRecord } from './upgrade-run-record.js';

/** One of an hour with many people is 100 kB. */
const LARGEST_BYTES = 16 * 2 ** 20;

/**
 * Reads `NAME.run.json`, which somebody else may have written or changed. Older ones come in the layout of today; what
 * they lack has the value that it had then. Unknown fields are left out.
 * @throws BodyscriptError `INPUT_MISSING` where there is none, `RECORD_INVALID` where a field is not what it has to be,
 * or the file no regular one
 */
export async function readRunRecord(path: string): Promise<RunRecord> {
  try {
    return runRecordOf((await readWhole(path, LARGEST_BYTES)).toString('utf8'), path);
  } catch (cause) {
    if (cause instanceof UnreadableFile && cause.isMissing) throw missing(path, cause);
    if (cause instanceof UnreadableFile) throw invalid(path, cause);
    throw cause;
  }
}

/** The same from the text of a record. @param where names it in the error @throws BodyscriptError `RECORD_INVALID` */
export function runRecordOf(text: string, where: string): RunRecord {
  try {
    const json = upgradeRunRecord(parsePlainJson(text));
    const result = checked(RUN_RECORD, json);
    if ('problem' in result) throw new UnfitJson(result.problem);
    // The options as they stand: their hash decides whether a run is the same.
    return { ...result.data, options: (json as { options: RecordedOptions }).options } as RunRecord;
  } catch (cause) {
    if (cause instanceof UnfitJson) throw invalid(where, cause);
    throw cause;
  }
}

function missing(path: string, cause: unknown): BodyscriptError {
  return new BodyscriptError('INPUT_MISSING', `${path}: no such file`, { cause, remedy: 'Check the path.' });
}

function invalid(path: string, cause: Error): BodyscriptError {
  return new BodyscriptError('RECORD_INVALID', `${path}: is no run record: ${cause.message}`, {
    cause,
    remedy: 'Analyse the video again, or remove the file.',
  });
}
