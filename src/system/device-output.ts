import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { type GrowingOutput, outputError } from './whole-file.js';

/**
 * Whether a path is a device such as `/dev/null`, which takes bytes and keeps its name. A link to one counts as a link:
 * results must not vanish in a device that the user did not name.
 */
export async function isDevice(path: string): Promise<boolean> {
  return lstat(path).then(
    stats => stats.isCharacterDevice(),
    () => false,
  );
}

/** A device as an output: it is written directly, and never replaced by a rename. */
export class DeviceOutput implements GrowingOutput {
  readonly path: string;
  readonly isStream = true;
  readonly #handle: FileHandle;
  #bytes = 0;
  #open = true;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  static async create(path: string): Promise<DeviceOutput> {
    try {
      return new DeviceOutput(
        path,
        await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NOCTTY ?? 0)),
      );
    } catch (cause) {
      throw outputError(path, cause);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    try {
      await this.#handle.writeFile(bytes);
    } catch (cause) {
      throw outputError(this.path, cause);
    }
    this.#bytes += bytes.length;
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#handle.close();
  }

  async publish(): Promise<void> {}

  async remove(): Promise<void> {
    await this.close();
  }
}
