import { stat } from 'node:fs/promises';
import { sha256OfFiles } from './file-hash.js';

/**
 * A file whose content had the right hash, for a library that reads it by its path a moment later. If `isUnchanged` is
 * true afterwards, the library read the hashed bytes: a written or replaced file has another inode or another change
 * time, which no program can set.
 */
export class CheckedFile {
  readonly path: string;
  readonly #state: string;

  private constructor(path: string, state: string) {
    this.path = path;
    this.#state = state;
  }

  /** @returns undefined if the file cannot be read or has other bytes */
  static async open(path: string, sha256: string): Promise<CheckedFile | undefined> {
    try {
      const state = await stateOf(path);
      return (await sha256OfFiles([path])) === sha256 ? new CheckedFile(path, state) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether it is the same file with the same bytes as at hashing. */
  async isUnchanged(): Promise<boolean> {
    return (await stateOf(this.path).catch(() => undefined)) === this.#state;
  }
}

async function stateOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
