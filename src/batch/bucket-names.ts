import { isCode } from '../errors.js';
import { openStore } from '../storage/open-store.js';
import { readPublished } from '../storage/published-run.js';
import { mapAtOnce } from '../system/map-at-once.js';

const RECORD_SUFFIX = '.run.json';
/** Records that are read at a time. */
const READS = 16;

/** What the outputs of a video are called. */
export interface RecordedName {
  readonly path: string;
  readonly name: string;
}

/**
 * The names of outputs below a prefix, by their run records. What is no record has no name.
 * @throws BodyscriptError `STORAGE_*`
 */
export async function recordedNames(destination: string, signal?: AbortSignal): Promise<RecordedName[]> {
  const { store, key } = await openStore(destination);
  const folder = key === '' ? '' : `${key.replace(/\/+$/, '')}/`;
  const names: string[] = [];
  for await (const found of store.list(folder, signal)) {
    if (found.key.endsWith(RECORD_SUFFIX)) names.push(found.key.slice(folder.length, -RECORD_SUFFIX.length));
  }
  const found = await mapAtOnce(names, READS, name => recordedName(destination, name, signal));
  return found.filter(one => one !== undefined);
}

async function recordedName(
  destination: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<RecordedName | undefined> {
  try {
    const published = await readPublished(destination, name, signal);
    return published && { path: published.record.input.path, name };
  } catch (error) {
    if (isCode(error, 'RECORD_INVALID')) return undefined;
    throw error;
  }
}
