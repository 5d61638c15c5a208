import type { Readable } from 'node:stream';

/** An object of a bucket, or a file of a folder. */
export interface BlobFacts {
  /** Its place in the store, with slashes: `results/walk.csv`. */
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Changes whenever the content does. */
  readonly etag: string;
  /** Small texts that were put with it; undefined where the store was only listed. */
  readonly notes?: Readonly<Record<string, string>> | undefined;
}

/** Where to begin, and what the object must still be. */
export interface GetOptions {
  /** First byte, from 0. */
  readonly from?: number;
  /** Last byte, counted in; undefined: to the end. */
  readonly to?: number;
  readonly ifMatch?: string;
  readonly signal?: AbortSignal | undefined;
}

/** What must hold when an object is put. */
export interface PutOptions {
  /** Only in place of the object with this ETag. */
  readonly ifMatch?: string | undefined;
  /** Only where no object has the key. */
  readonly ifAbsent?: boolean;
  readonly notes?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** What is put: a file, a few words, or some megabytes of memory. */
export type PutSource = { readonly file: string } | { readonly text: string } | { readonly bytes: Buffer };

/**
 * A bucket or a folder, in five functions. What fails is a `BodyscriptError`, but for a condition that does not hold,
 * which is a `ConditionFailed`.
 */
export interface BlobStore {
  /** As the user would name it, with a slash at its end: `s3://bucket/`. */
  readonly name: string;
  /** All objects whose key begins with a prefix, in the order of their keys' bytes. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<BlobFacts>;
  /** @returns undefined where there is no such object */
  head(key: string, signal?: AbortSignal): Promise<BlobFacts | undefined>;
  /** @throws BodyscriptError `INPUT_MISSING` where there is no such object; ConditionFailed */
  get(key: string, options?: GetOptions): Promise<Readable>;
  /**
   * Writes a whole object: until the last byte has arrived, the key holds what it held before.
   * @returns its ETag
   * @throws ConditionFailed
   */
  put(key: string, source: PutSource, options?: PutOptions): Promise<string>;
  /** Does nothing where there is no such object. */
  remove(key: string): Promise<void>;
}

/** An object is another one than a condition said, or exists where none may. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
}
