import type { FileHandle } from 'node:fs/promises';
import { BodyscriptError } from '../../errors.js';
import { type YuvImage, type YuvMatrix, yuvBytes } from '../../model/picture.js';
import { reopenOwn } from '../../system/own-file.js';
import { GrowingFile, partialPath } from '../../system/whole-file.js';

/**
 * Small pictures on disk while frames are read: memory holds only their places, and a run that continues finds them
 * again.
 */
export class PictureStore {
  readonly #file: GrowingFile;

  private constructor(file: GrowingFile) {
    this.#file = file;
  }

  /** @param from length at which an existing store is continued */
  static async open(path: string, from?: number): Promise<PictureStore> {
    return new PictureStore(await GrowingFile.create(path, from));
  }

  get path(): string {
    return this.#file.path;
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  /** @returns its place, in bytes */
  async add(picture: YuvImage): Promise<number> {
    const at = this.#file.bytes;
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(picture.width, 0);
    head.writeUInt32LE(picture.height, 4);
    head.writeUInt8(MATRICES.indexOf(picture.matrix), 8);
    await this.#file.append(Buffer.concat([head, picture.data]));
    return at;
  }

  /** The picture that `add` put at a position. */
  async read(at: number): Promise<YuvImage> {
    const handle = await reopenOwn(partialPath(this.path));
    try {
      return await readPicture(this.path, handle, at);
    } finally {
      await handle.close();
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async remove(): Promise<void> {
    await this.#file.remove();
  }
}

const HEAD_BYTES = 9;
const MATRICES: readonly YuvMatrix[] = ['bt601', 'bt709'];

/** Pictures in the store are small; larger data was not put there by this program. */
const LONGEST_SIDE_PX = 4096;

async function readPicture(path: string, handle: FileHandle, at: number): Promise<YuvImage> {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, at);
  const [width, height] = [head.readUInt32LE(0), head.readUInt32LE(4)];
  const matrix = MATRICES[head.readUInt8(8)];
  const isSmall = width > 0 && height > 0 && Math.max(width, height) <= LONGEST_SIDE_PX;
  if (bytesRead < HEAD_BYTES || matrix === undefined || !isSmall) throw damaged(path);
  const data = new Uint8Array(yuvBytes(width, height));
  const read = await handle.read(data, 0, data.length, at + HEAD_BYTES);
  if (read.bytesRead < data.length) throw damaged(path);
  return { width, height, data, matrix };
}

function damaged(path: string): BodyscriptError {
  return new BodyscriptError('OUTPUT_NOT_WRITABLE', `${partialPath(path)}: changed while the video was analysed`, {
    remedy: 'Run the same command again; it analyses the video from the beginning.',
  });
}
