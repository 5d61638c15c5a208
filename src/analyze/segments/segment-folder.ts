import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readWhole, UnreadableFile } from '../../formats/regular-file.js';
import { isInside } from '../../system/contained-path.js';
import { makeFolder } from '../../system/make-folder.js';
import { outputError, writeWhole } from '../../system/whole-file.js';
import { indexOfFile, type SegmentShelf, type StoredSegment, segmentFileName } from './segment-shelf.js';

/** Segments of a video as files of the results folder, which several commands share. No link out of it is followed. */
export class SegmentFolder implements SegmentShelf {
  readonly #outDir: string;
  readonly #folder: string;

  /** @param outDir the folder of results @param folder the video's own in it */
  constructor(outDir: string, folder: string) {
    this.#outDir = outDir;
    this.#folder = folder;
  }

  nameOf({ key, index }: StoredSegment): string {
    return join(this.#folder, key, segmentFileName(index));
  }

  async list(): Promise<readonly StoredSegment[]> {
    const keys = await readdir(this.#folder).catch(() => []);
    const sets = await Promise.all(keys.map(key => this.#listKey(key)));
    return sets.flat();
  }

  async #listKey(key: string): Promise<StoredSegment[]> {
    const names = await readdir(join(this.#folder, key)).catch(() => []);
    return names.flatMap(name => indexOfFile(name) ?? []).map(index => ({ key, index }));
  }

  async read(segment: StoredSegment, maxBytes: number): Promise<Buffer> {
    const path = this.nameOf(segment);
    if (!(await isInside(this.#outDir, path))) throw new UnreadableFile('is a link to another folder');
    return readWhole(path, maxBytes);
  }

  async write(segment: StoredSegment, bytes: Buffer): Promise<void> {
    const path = this.nameOf(segment);
    try {
      await makeFolder(this.#outDir);
      if (!(await isInside(this.#outDir, path))) throw new Error('a link leads out of the folder of results');
      await writeWhole(path, bytes);
    } catch (cause) {
      throw outputError(path, cause);
    }
  }

  /** Before the claim on the outputs ends: a command that claims them later finds the video incomplete. */
  async settle(): Promise<void> {
    await this.remove();
  }

  /** Removes all segments of the video. A link is left alone. */
  async remove(): Promise<void> {
    const stats = await lstat(this.#folder).catch(() => undefined);
    if (!stats?.isDirectory() || !(await isInside(this.#outDir, this.#folder))) return;
    await rm(this.#folder, { recursive: true, force: true });
    await rmdir(dirname(this.#folder)).catch(() => {}); // Other videos have segments.
  }
}
