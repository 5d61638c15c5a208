import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { makeFolder } from './make-folder.js';
import { createOwn, lookAt, temporaryBeside } from './own-file.js';
import { renameOver } from './rename-over.js';
import { outputError, partialPath } from './whole-file.js';

/** A folder of many small files that appears only once it is complete; until then it has a `*.partial` name. */
export class WholeFolder {
  readonly path: string;
  readonly #isOwn: (name: string) => boolean;

  private constructor(path: string, isOwn: (name: string) => boolean) {
    this.path = path;
    this.#isOwn = isOwn;
  }

  /**
   * A new, empty folder that replaces an earlier run's leftover with the `*.partial` name.
   * @param isOwn whether a file with this name in an existing folder comes from an earlier run; other files stay
   */
  static async create(path: string, isOwn: (name: string) => boolean): Promise<WholeFolder> {
    try {
      await removeOwn(partialPath(path), isOwn);
      await makeFolder(dirname(path));
      await mkdir(partialPath(path));
      return new WholeFolder(path, isOwn);
    } catch (cause) {
      throw outputError(path, cause);
    }
  }

  async add(name: string, content: string): Promise<void> {
    try {
      const handle = await createOwn(join(partialPath(this.path), name));
      await handle.writeFile(content).finally(() => handle.close());
    } catch (cause) {
      throw outputError(join(this.path, name), cause);
    }
  }

  /** Gives the folder its name. From an existing folder, files that are not an earlier run's are moved over. */
  async publish(): Promise<void> {
    try {
      const isThere = (await lookAt(this.path)) !== undefined;
      const old = temporaryBeside(this.path);
      if (isThere) await renameOver(this.path, old);
      await renameOver(partialPath(this.path), this.path);
      if (isThere) await this.#keepOthers(old);
    } catch (cause) {
      throw outputError(this.path, cause);
    }
  }

  async remove(): Promise<void> {
    await removeOwn(partialPath(this.path), this.#isOwn);
  }

  async #keepOthers(old: string): Promise<void> {
    for (const entry of await readdir(old, { withFileTypes: true })) {
      if (entry.isFile() && this.#isOwn(entry.name)) await rm(join(old, entry.name), { force: true });
      else await renameOver(join(old, entry.name), join(this.path, entry.name));
    }
    await rmdir(old);
  }
}

/**
 * Removes a folder that contains only files of an earlier run.
 * @throws BodyscriptError `OUTPUT_TAKEN` if it contains anything else, and nothing is removed
 */
async function removeOwn(folder: string, isOwn: (name: string) => boolean): Promise<void> {
  const stats = await lookAt(folder);
  if (!stats) return;
  const entries = stats.isDirectory() ? await readdir(folder, { withFileTypes: true }) : undefined;
  if (!entries?.every(entry => entry.isFile() && isOwn(entry.name))) {
    throw new BodyscriptError('OUTPUT_TAKEN', `${folder}: contains files that are not from an earlier run`, {
      remedy: 'Move it away, or choose another name.',
    });
  }
  await rm(folder, { recursive: true, force: true });
}
