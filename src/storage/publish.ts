import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { BodyscriptError, isCode } from '../errors.js';
import type { RecordedFile, RecordedObject, RunRecord } from '../model/run-record.js';
import { sha256, sha256OfFiles } from '../system/file-hash.js';
import { PACKAGE } from '../system/package-info.js';
import { keyBelow } from './address.js';
import { type BlobFacts, type BlobStore, ConditionFailed } from './blob-store.js';
import { openStore } from './open-store.js';
import { areObjectsAsListed, type PublishedRun, readPublished, recordKey, recordTag } from './published-run.js';

/** Marks what this program has put: anything else is not replaced without `--overwrite`. */
const NOTES = { bodyscript: PACKAGE.version };
/** The note that says of which video an output is: two plans for one place may give two videos the same name. */
const VIDEO_NOTE = 'bodyscript-video';
const VIDEO_DIGITS = 16;
/** Others may write the same object at the same time. */
const PUT_TRIES = 3;

/** The results of one video, as its analysis left them in a folder. */
export interface Results {
  readonly localDir: string;
  /** Of the outputs, below the folder and without suffix. */
  readonly name: string;
  readonly record: RunRecord;
  /** `s3://bucket/results`, or a folder. */
  readonly destination: string;
  /** ETag of the record that these results replace; undefined where none existed when the analysis began. */
  readonly replaces: string | undefined;
  /** Whether objects are replaced that this program did not put. */
  readonly overwrite: boolean;
  /** Whether a run that was published meanwhile has the same options; its video is compared here. */
  readonly hasSameOptions: (other: RunRecord) => boolean;
  /**
   * Called once all outputs are uploaded, before the record makes them count; it may throw.
   * @returns what stays of the run that these results replace
   */
  readonly beforeRecord?: ((objects: readonly RecordedObject[]) => Promise<KeptObjects | undefined>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Outputs of an earlier run that belong to the same numbers as a new one's. */
export interface KeptObjects {
  readonly objects: readonly RecordedObject[];
  readonly files: readonly RecordedFile[];
}

/** How a publication ended: `another` run has published the same video meanwhile, and its results are whole. */
export interface Publication {
  readonly by: 'us' | 'another';
  readonly run: PublishedRun;
}

/**
 * Uploads whole files under their final names, and the run record last: a video is done when its record exists. Where
 * the record is not the one that was to be replaced, another run was faster.
 * @throws BodyscriptError `OUTPUT_TAKEN`, `OUTPUT_BUSY` where another run is writing other results, `STORAGE_*`
 */
export async function publishResults(results: Results): Promise<Publication> {
  const { destination, name, replaces, signal } = results;
  const { store, key: prefix } = await openStore(destination);
  const earlier = await findFaster(results);
  if (earlier) return earlier;
  const objects: RecordedObject[] = [];
  for (const file of await filesOf(results)) {
    const key = keyOf(results.localDir, file);
    const [{ size }, hash] = [await stat(file), await sha256OfFiles([file], signal)];
    const etag = await putOutput(store, keyBelow(prefix, key), file, results);
    objects.push({ key, bytes: size, sha256: hash, etag });
  }
  const kept = await results.beforeRecord?.(objects);
  const record = publishedRecord(results, objects, kept);
  const text = `${JSON.stringify(record, null, 2)}\n`;
  const condition = replaces === undefined ? { ifAbsent: true } : { ifMatch: replaces };
  try {
    const etag = await store.put(recordKey(prefix, name), { text }, { ...condition, notes: NOTES, signal });
    return { by: 'us', run: { record, etag } };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const faster = await findFaster(results);
    if (faster) return faster;
    throw busy(results, error);
  }
}

/** @returns the run that was published since the analysis began, if its results are the same, and whole */
async function findFaster(results: Results): Promise<Publication | undefined> {
  const { destination, name, replaces, record, signal } = results;
  if ((await recordTag(destination, name, signal)) === replaces) return undefined;
  const now = await readPublished(destination, name, signal).catch(error => {
    if (isCode(error, 'RECORD_INVALID')) return undefined; // Another program has replaced it.
    throw error;
  });
  if (now === undefined || now.record.status !== 'done') return undefined;
  const { input } = now.record;
  const isSame =
    input.path === record.input.path && input.sha256 === record.input.sha256 && results.hasSameOptions(now.record);
  if (!isSame || !(await areObjectsAsListed(destination, name, now.record, signal))) return undefined;
  return { by: 'another', run: now };
}

function busy({ destination, name }: Results, cause: unknown): BodyscriptError {
  return new BodyscriptError(
    'OUTPUT_BUSY',
    `${recordKey(destination, name)}: another run has written other results of this name meanwhile`,
    { cause, remedy: 'Run the same command again.' },
  );
}

const keyOf = (localDir: string, file: string): string => relative(resolve(localDir), file).split(sep).join('/');

/** The output files without the record; of folders, all that is in them. */
async function filesOf({ localDir, name, record }: Results): Promise<string[]> {
  const own = resolve(localDir, `${name}.run.json`);
  const files: string[] = [];
  for (const output of record.outputs) {
    const path = resolve(output);
    if (path === own || !path.startsWith(resolve(localDir) + sep)) continue;
    if (!output.endsWith('/')) files.push(path);
    else
      for (const inner of await readdir(path, { recursive: true, withFileTypes: true })) {
        if (inner.isFile()) files.push(join(inner.parentPath, inner.name));
      }
  }
  return [...new Set(files)];
}

const notesOf = (video: string) => ({ ...NOTES, [VIDEO_NOTE]: sha256(video).slice(0, VIDEO_DIGITS) });

/**
 * @param video address or path of the video whose output would replace the object
 * @throws BodyscriptError `OUTPUT_TAKEN` for an object that this program has not put, or has put for another video
 */
function refuseForeign(store: BlobStore, found: BlobFacts | undefined, video: string): void {
  const what = found?.notes && whatTakes(found.notes, notesOf(video)[VIDEO_NOTE]);
  if (!what) return;
  throw new BodyscriptError('OUTPUT_TAKEN', `${store.name}${found.key}: exists already, and is ${what}`, {
    remedy: 'Choose another place with --out, or replace it with --overwrite.',
  });
}

function whatTakes(notes: NonNullable<BlobFacts['notes']>, video: string | undefined): string | undefined {
  if (!('bodyscript' in notes)) return 'not of an earlier run';
  return notes[VIDEO_NOTE] === undefined || notes[VIDEO_NOTE] === video ? undefined : 'of the results of another video';
}

/**
 * Checks, before hours of work, that publishing these files would replace no object that this program has not put for
 * this video.
 * @param video its address or path
 * @param files below `localDir`; others are not published
 * @throws BodyscriptError `OUTPUT_TAKEN`, `STORAGE_*`
 */
export async function checkObjects(
  { localDir, destination, overwrite, signal }: Pick<Results, 'localDir' | 'destination' | 'overwrite' | 'signal'>,
  video: string,
  files: readonly string[],
): Promise<void> {
  if (overwrite) return;
  const { store, key: prefix } = await openStore(destination);
  for (const file of files.map(one => resolve(one)).filter(one => one.startsWith(resolve(localDir) + sep))) {
    refuseForeign(store, await store.head(keyBelow(prefix, keyOf(localDir, file)), signal), video);
  }
}

/** @returns the object's ETag */
async function putOutput(
  store: BlobStore,
  key: string,
  file: string,
  { overwrite, record, signal }: Results,
): Promise<string> {
  for (let tries = 1; ; tries++) {
    const found = await store.head(key, signal);
    if (!overwrite) refuseForeign(store, found, record.input.path);
    try {
      const condition = found ? { ifMatch: found.etag } : { ifAbsent: true };
      return await store.put(key, { file }, { ...condition, notes: notesOf(record.input.path), signal });
    } catch (error) {
      if (!(error instanceof ConditionFailed) || tries === PUT_TRIES) throw error;
    }
  }
}

/** The record with the places that the results have now in place of those in the scratch folder. */
function publishedRecord(
  { localDir, destination, record }: Results,
  objects: readonly RecordedObject[],
  kept: KeptObjects = { objects: [], files: [] },
): RunRecord {
  const local = resolve(localDir);
  const published = (text: string) => text.replaceAll(local, destination);
  const { outputs } = record.options;
  return {
    ...record,
    options: { ...record.options, outputs: { ...outputs, outDir: destination } },
    outputs: [...kept.files.map(({ path }) => path), ...record.outputs.map(published)],
    files: [...record.files.map(file => ({ ...file, path: published(file.path) })), ...kept.files],
    warnings: record.warnings.map(published),
    objects: [...objects, ...kept.objects],
  };
}
