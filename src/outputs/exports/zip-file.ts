import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { GrowingFile } from '../../system/whole-file.js';

/** The time of all entries, so that the same contents give the same bytes. */
const MADE = new Date(1980, 0, 1);

/** A ZIP archive that grows entry by entry, in constant memory. */
export class ZipFile {
  readonly #file: GrowingFile;
  readonly #zip: Zip;
  #made: Uint8Array[] = [];
  #failure: Error | undefined;

  private constructor(file: GrowingFile) {
    this.#file = file;
    this.#zip = new Zip((failure, bytes) => {
      if (failure) this.#failure = failure;
      else this.#made.push(bytes);
    });
  }

  static async create(path: string): Promise<ZipFile> {
    return new ZipFile(await GrowingFile.create(path));
  }

  get path(): string {
    return this.#file.path;
  }

  /** @param how `stored`: uncompressed, so that the file's bytes are readable */
  async add(
    name: string,
    contents: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    how: 'deflated' | 'stored' = 'deflated',
  ): Promise<void> {
    const entry = how === 'stored' ? new ZipPassThrough(name) : new ZipDeflate(name);
    entry.mtime = MADE;
    this.#zip.add(entry);
    for await (const piece of contents) {
      entry.push(piece);
      await this.#flush();
    }
    entry.push(new Uint8Array(0), true);
    await this.#flush();
  }

  async close(): Promise<void> {
    this.#zip.end();
    await this.#flush();
    await this.#file.close();
  }

  async publish(): Promise<void> {
    await this.#file.publish();
  }

  async remove(): Promise<void> {
    await this.#file.remove();
  }

  async #flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const bytes = Buffer.concat(this.#made);
    this.#made = [];
    if (bytes.length > 0) await this.#file.append(bytes);
  }
}
