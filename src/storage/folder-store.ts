import { createReadStream, type Stats } from 'node:fs';
import { copyFile, link, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { BodyscriptError, fromSystemError, systemErrorCode } from '../errors.js';
import { sha256 } from '../system/file-hash.js';
import { makeFolder } from '../system/make-folder.js';
import { temporaryBeside } from '../system/own-file.js';
import {
  type BlobFacts,
  type BlobStore,
  ConditionFailed,
  type GetOptions,
  type PutOptions,
  type PutSource,
} from './blob-store.js';

/** A folder in the place of a bucket. Its files carry no notes. */
export class FolderStore implements BlobStore {
  readonly name: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.name = join(folder, sep);
  }

  async *list(prefix: string): AsyncGenerator<BlobFacts> {
    // A prefix may end in the middle of a name.
    const files: string[] = [];
    await this.#collect(dirname(join(this.#folder, `${prefix}x`)), files);
    const keys = files.map(file => relative(this.#folder, file).split(sep).join('/'));
    const wanted = keys.filter(key => key.startsWith(prefix));
    for (const key of wanted.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
      const found = await this.head(key);
      if (found) yield found;
    }
  }

  async #collect(folder: string, files: string[]): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(error => {
      if (isAbsent(error)) return [];
      throw fromSystemError(error) ?? error;
    });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await this.#collect(path, files);
      else if (entry.isFile() && !entry.name.endsWith('.partial')) files.push(path);
    }
  }

  async head(key: string): Promise<BlobFacts | undefined> {
    const stats = await stat(this.#path(key)).catch(error => {
      if (isAbsent(error)) return undefined;
      throw fromSystemError(error) ?? error;
    });
    if (!stats?.isFile()) return undefined;
    return { key, bytes: stats.size, modified: stats.mtimeMs, etag: etagOf(stats), notes: {} };
  }

  async get(key: string, { from = 0, to, ifMatch, signal }: GetOptions = {}): Promise<Readable> {
    const found = await this.head(key);
    const path = this.#path(key);
    if (!found) throw new BodyscriptError('INPUT_MISSING', `${path}: no such file`, { remedy: 'Check the spelling.' });
    if (ifMatch !== undefined && found.etag !== ifMatch) throw new ConditionFailed(`${path}: is another file by now`);
    return createReadStream(path, {
      start: from,
      ...(to === undefined ? {} : { end: to }),
      ...(signal ? { signal } : {}),
    });
  }

  async put(key: string, source: PutSource, { ifMatch, ifAbsent, signal }: PutOptions = {}): Promise<string> {
    const path = this.#path(key);
    const temporary = temporaryBeside(path);
    try {
      await makeFolder(dirname(path));
      if ('file' in source) await copyFile(source.file, temporary);
      else await writeFile(temporary, 'text' in source ? source.text : source.bytes);
      signal?.throwIfAborted();
      if (ifMatch !== undefined && (await this.head(key))?.etag !== ifMatch) throw new ConditionFailed(path);
      if (ifAbsent) await link(temporary, path);
      else await rename(temporary, path);
      return etagOf(await stat(path));
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') throw new ConditionFailed(`${path}: exists already`);
      throw fromSystemError(error) ?? error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  #path(key: string): string {
    return join(this.#folder, ...key.split('/'));
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
}

/** Of an inode and its times: a file that is replaced has another inode. */
function etagOf({ ino, size, mtimeMs }: Stats): string {
  return `"${sha256(`${ino} ${size} ${mtimeMs}`).slice(0, 32)}"`;
}
