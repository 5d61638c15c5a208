import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parsePlainJson } from '../../formats/plain-json.js';
import { readWhole } from '../../formats/regular-file.js';
import { systemPath } from '../../system/byte-names.js';
import { looksOwn } from '../../system/looks-own.js';
import { PACKAGE } from '../../system/package-info.js';
import { recordedName } from '../../system/recorded-name.js';

const RECORD = /\.run\.json$/;
/** A film that `render` has drawn from a table; it has no record. */
const FILM = /\.(render|beside)\.mp4$/;
/** A record of an hour with many people is 100 kB. */
const LARGEST_RECORD_BYTES = 16 * 2 ** 20;
/** A list may alternate between folders; older ones are read again. */
const FOLDERS_KEPT = 32;

/**
 * Recognises the files that earlier runs wrote: those listed in a run record in the same folder, and films beside the
 * table that they show. A user's own file with such a name, without a record that lists it, is the user's.
 */
export class OwnOutputs {
  readonly #folders = new Map<string, Promise<Outputs>>();

  async has(path: string): Promise<boolean> {
    const [folder, name] = [dirname(path), basename(path)];
    let known = this.#folders.get(folder);
    if (!known) {
      known = outputsIn(folder);
      this.#folders.set(folder, known);
      const [oldest = folder] = this.#folders.keys();
      if (this.#folders.size > FOLDERS_KEPT) this.#folders.delete(oldest);
    }
    const bytes = (await known).get(name);
    if (bytes === undefined) return FILM.test(name) && (await isBesideTable(path));
    return bytes === 'any' || (await sizeOf(path)) === bytes;
  }
}

/** By name: the size that a file must have. */
type Outputs = ReadonlyMap<string, number | 'any'>;

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(systemPath(path)).then(
    ({ size }) => size,
    () => undefined,
  );
}

async function outputsIn(folder: string): Promise<Outputs> {
  const names = await readdir(systemPath(folder)).catch(() => [] as string[]);
  const outputs = new Map<string, number | 'any'>();
  // One at a time: there may be a record for each of many thousand videos.
  for (const name of names) if (RECORD.test(name)) await addOutputs(join(folder, name), outputs);
  return outputs;
}

/**
 * For files named like their record the name is enough. A file that the user named (`--overlay drawn.mp4`) may be
 * another video by now: there the size decides. Folders may have been moved since, so names count, not paths.
 */
async function addOutputs(record: string, outputs: Map<string, number | 'any'>): Promise<void> {
  try {
    const json = parsePlainJson(
      (await readWhole(systemPath(record), LARGEST_RECORD_BYTES)).toString('utf8'),
    ) as RecordedFiles | null;
    if (json?.tool?.name !== PACKAGE.name) return;
    const nameOf = (path: unknown) => (typeof path === 'string' ? recordedName(path, json.tool?.platform) : undefined);
    const stem = `${basename(record).replace(RECORD, '')}.`;
    const video = nameOf(json.input?.path);
    for (const output of listOf(json.outputs)) {
      const name = nameOf(output);
      if (name !== video && name?.startsWith(stem)) outputs.set(name, 'any');
    }
    for (const file of listOf(json.files) as readonly (ToldFile | null)[]) {
      const name = nameOf(file?.path);
      if (name && name !== video && !outputs.has(name) && typeof file?.bytes === 'number')
        outputs.set(name, file.bytes);
    }
  } catch {
    // Not a readable record: the files beside it are tried.
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The fields read from a record, which may be forged. */
interface RecordedFiles {
  readonly tool?: { readonly name?: unknown; readonly platform?: unknown };
  readonly input?: { readonly path?: unknown };
  readonly outputs?: unknown;
  readonly files?: unknown;
}

interface ToldFile {
  readonly path?: unknown;
  readonly bytes?: unknown;
}

async function isBesideTable(film: string): Promise<boolean> {
  for (const suffix of ['.csv', '.ndjson']) if (await looksOwn(film.replace(FILM, suffix))) return true;
  return false;
}
