import { BodyscriptError } from '../errors.js';
import { type RecordedOptions, RUN_RECORD_VERSION, type RunRecord } from '../model/run-record.js';
import { checked } from './bounds.js';
import { parsePlainJson, UnfitJson } from './plain-json.js';
import { readWhole, UnreadableFile } from './regular-file.js';
import { RUN_RECORD } from './run-record-schema.js';
import { upgradeRunRecord } from './upgrade-run-record.js';

/** A record of an hour with many people is 100 kB. */
const LARGEST_BYTES = 16 * 2 ** 20;

/**
 * Reads `NAME.run.json`, which may have been written or changed by another program. Older records are returned in the
 * current layout; fields that they lack get the value that applied then. Unknown fields are dropped.
 * @throws BodyscriptError `INPUT_MISSING` if none exists, `RECORD_INVALID` if a field is invalid, or it is not a
 * regular file
 */
export async function readRunRecord(path: string): Promise<RunRecord> {
  const { json, fields } = await readFields(path);
  // The options unchanged: their hash decides whether a run is the same.
  return { ...fields, options: (json as { options: RecordedOptions }).options } as RunRecord;
}

async function readFields(path: string) {
  try {
    const json = upgradeRunRecord(parsePlainJson((await readWhole(path, LARGEST_BYTES)).toString('utf8')));
    const result = checked(RUN_RECORD, json);
    if ('problem' in result) throw new UnfitJson(`${result.problem}${newer(json)}`);
    return { json, fields: result.data };
  } catch (cause) {
    if (cause instanceof UnreadableFile && cause.isMissing) throw missing(path, cause);
    if (cause instanceof UnreadableFile || cause instanceof UnfitJson) throw invalid(path, cause);
    throw cause;
  }
}

/** Why a record of a later version may not fit; empty for any other. */
function newer(json: unknown): string {
  const { recordVersion } = (json ?? {}) as { recordVersion?: unknown };
  if (typeof recordVersion !== 'number' || recordVersion <= RUN_RECORD_VERSION) return '';
  return ` (a newer bodyscript wrote it: version ${recordVersion}, this program reads ${RUN_RECORD_VERSION})`;
}

function missing(path: string, cause: unknown): BodyscriptError {
  return new BodyscriptError('INPUT_MISSING', `${path}: no such file`, {
    cause,
    remedy: 'Check the spelling of the path.',
  });
}

function invalid(path: string, cause: Error): BodyscriptError {
  return new BodyscriptError('RECORD_INVALID', `${path}: is not a run record: ${cause.message}`, {
    cause,
    remedy: 'Analyse the video again, or remove the file.',
  });
}
