import { hasTableOf, TABLES } from '../analyze/earlier-run.js';
import type { AnalyzeOptions } from '../analyze/options.js';
import type { RecordedFile, RecordedObject, RunRecord } from '../model/run-record.js';
import { keyBelow } from '../storage/address.js';
import { openStore } from '../storage/open-store.js';
import type { KeptObjects } from '../storage/publish.js';

/** A run that replaces an earlier one, once its outputs are uploaded. */
export interface Replacement {
  /** `s3://bucket/results`. */
  readonly place: string;
  /** Of the outputs, without suffix. */
  readonly name: string;
  readonly earlier: RunRecord;
  /** Of the new run. */
  readonly record: RunRecord;
  readonly options: AnalyzeOptions;
  /** What the new run has uploaded. */
  readonly objects: readonly RecordedObject[];
  readonly warn: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Handles the objects of an earlier run that the new one did not make, as `analyze/outdated-files.ts` does in a folder:
 * those of the same numbers stay, and the new record lists them; those of another table are removed. A table, and what
 * was changed since, stays and is reported.
 * @throws BodyscriptError `STORAGE_*`
 */
export async function settleLeftObjects(replacement: Replacement): Promise<KeptObjects> {
  const { earlier, record, objects, place, name, options, signal } = replacement;
  const fresh = new Set(objects.map(({ key }) => key));
  // Anybody may have written the record: it decides nothing about the results of other videos.
  const left = earlier.objects.filter(({ key }) => key.startsWith(`${name}.`) && !fresh.has(key));
  const kept: RecordedObject[] = [];
  const { store, key: prefix } = await openStore(place);
  const staysWithTable = hasSameNumbers(earlier, record, options);
  // A run without a table leaves none with which they could be confused.
  const isReplaced = record.files.some(({ output }) => TABLES.includes(output));
  for (const object of left) {
    const found = await store.head(keyBelow(prefix, object.key), signal);
    if (!found) continue;
    const isAsItWas = found.etag === object.etag;
    if (staysWithTable && isAsItWas) kept.push(object);
    else if (isReplaced && isAsItWas && !isTable(object, replacement)) await store.remove(found.key);
    else replacement.warn(`${store.name}${found.key}: left over from an earlier analysis; this one does not write it`);
  }
  return { objects: kept, files: earlier.files.filter(file => kept.some(object => isOf(object, file, place))) };
}

function hasSameNumbers(earlier: RunRecord, { input, model, tool }: RunRecord, options: AnalyzeOptions): boolean {
  const isSameVideo = input.sha256 !== null && earlier.input.sha256 === input.sha256;
  const isSameProgram = earlier.tool.version === tool.version && earlier.model?.sha256 === model?.sha256;
  return isSameVideo && isSameProgram && hasSameTable(earlier, options);
}

function hasSameTable(earlier: RunRecord, options: AnalyzeOptions): boolean {
  try {
    return hasTableOf(earlier, options);
  } catch {
    return false; // Options that this program does not know.
  }
}

function isTable(object: RecordedObject, { earlier, place }: Replacement): boolean {
  const file = earlier.files.find(one => isOf(object, one, place));
  return file !== undefined && TABLES.includes(file.output);
}

/** Whether an object is a file of a record, or lies in a folder of it. */
function isOf({ key }: RecordedObject, { path }: RecordedFile, place: string): boolean {
  const address = `${place}/${key}`;
  return path.endsWith('/') ? address.startsWith(path) : address === path;
}
