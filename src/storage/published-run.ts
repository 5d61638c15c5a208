import { text as readText } from 'node:stream/consumers';
import { BodyscriptError } from '../errors.js';
import { runRecordOf } from '../formats/read-run-record.js';
import type { RunRecord } from '../model/run-record.js';
import { keyBelow } from './address.js';
import { ConditionFailed } from './blob-store.js';
import { openStore } from './open-store.js';

/** A run record in a bucket or a folder. */
export interface PublishedRun {
  readonly record: RunRecord;
  /** Of the record's own object. */
  readonly etag: string;
}

/** Larger ones are not read. */
const LARGEST_BYTES = 16 * 2 ** 20;
const REPLACE = 'Remove it, or replace it with --overwrite.';

export function recordKey(prefix: string, name: string): string {
  return keyBelow(prefix, `${name}.run.json`);
}

/**
 * The run record of a name; undefined if it does not exist.
 * @throws BodyscriptError `RECORD_INVALID`, `STORAGE_*`
 */
export async function readPublished(
  destination: string,
  name: string,
  signal?: AbortSignal,
): Promise<PublishedRun | undefined> {
  const { store, key: prefix } = await openStore(destination);
  const key = recordKey(prefix, name);
  for (;;) {
    const found = await store.head(key, signal);
    if (!found) return undefined;
    const where = `${store.name}${key}`;
    if (found.bytes > LARGEST_BYTES) {
      throw new BodyscriptError('RECORD_INVALID', `${where}: too large for a run record`, { remedy: REPLACE });
    }
    try {
      const text = await readText(await store.get(key, { ifMatch: found.etag, signal }));
      return { record: recordOf(text, where), etag: found.etag };
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error; // It was replaced between the two requests.
    }
  }
}

function recordOf(text: string, where: string): RunRecord {
  try {
    return runRecordOf(text, where);
  } catch (cause) {
    if (!(cause instanceof BodyscriptError)) throw cause;
    throw new BodyscriptError(cause.code, cause.message, { cause, remedy: REPLACE });
  }
}

/**
 * The ETag of a record's object, whatever is in it; undefined if it does not exist.
 * @throws BodyscriptError `STORAGE_*`
 */
export async function recordTag(destination: string, name: string, signal?: AbortSignal): Promise<string | undefined> {
  const { store, key: prefix } = await openStore(destination);
  return (await store.head(recordKey(prefix, name), signal))?.etag;
}

/** Whether each object that a record lists exists, as it was when the record was written. */
export async function areObjectsAsListed(
  destination: string,
  name: string,
  { objects }: RunRecord,
  signal?: AbortSignal,
): Promise<boolean> {
  if (objects.length === 0) return false;
  const { store, key: prefix } = await openStore(destination);
  const etags = new Map<string, string>();
  for await (const { key, etag } of store.list(keyBelow(prefix, `${name}.`), signal)) etags.set(key, etag);
  return objects.every(({ key, etag }) => etags.get(keyBelow(prefix, key)) === etag);
}
