import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createOwn, lookAt, temporaryBeside } from './own-file.js';
import { outputError, partialPath } from './whole-file.js';

/** A folder of many small files that appears only when all are there; before, it bears a `*.partial` name. */
export class WholeFolder {
  readonly path: string;
  readonly #isOwn: (name: string) => boolean;

  private constructor(path: string, isOwn: (name: string) => boolean) {
    this.path = path;
    this.#isOwn = isOwn;
  }

  /**
   * A new, empty folder in place of what an earlier run left under the `*.partial` name.
   * @param isOwn whether a file of this name in a folder that is there is of an earlier run; others stay
   */
  static async create(path: string, isOwn: (name: string) => boolean): Promise<WholeFolder> {
    try {
      await rm(partialPath(path), { recursive: true, force: true }); // A link goes, and not what it points at.
      await mkdir(dirname(path), { recursive: true });
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

  /** Gives the folder its name. Of one that was there, files that are none of an earlier run move over. */
  async publish(): Promise<void> {
    try {
      const isThere = (await lookAt(this.path)) !== undefined;
      const old = temporaryBeside(this.path);
      if (isThere) await rename(this.path, old);
      await rename(partialPath(this.path), this.path);
      if (isThere) await this.#keepOthers(old);
    } catch (cause) {
      throw outputError(this.path, cause);
    }
  }

  async remove(): Promise<void> {
    await rm(partialPath(this.path), { recursive: true, force: true });
  }

  async #keepOthers(old: string): Promise<void> {
    for (const name of await readdir(old)) {
      if (this.#isOwn(name)) await rm(join(old, name), { recursive: true, force: true });
      else await rename(join(old, name), join(this.path, name));
    }
    await rmdir(old);
  }
}
