import { isBucketAddress, parseAddress } from './address.js';
import type { BlobStore } from './blob-store.js';
import { FolderStore } from './folder-store.js';
import { createClient, loadS3, S3Store } from './s3-store.js';

/** A store, and a place in it. */
export interface StorePlace {
  readonly store: BlobStore;
  /** A key, or the beginning of keys. */
  readonly key: string;
}

let client: ReturnType<typeof openClient> | undefined;

async function openClient() {
  const packages = await loadS3();
  return { packages, client: createClient(packages) };
}

/**
 * Opens the store that a place lies in: of `s3://bucket/key` the bucket; a folder is a store by itself.
 * @throws BodyscriptError `PACKAGE_MISSING`; UsageError for an address that cannot be used
 */
export async function openStore(place: string): Promise<StorePlace> {
  if (!isBucketAddress(place)) return { store: new FolderStore(place), key: '' };
  const { bucket, key } = parseAddress(place);
  client ??= openClient();
  const opened = await client;
  return { store: new S3Store(bucket, opened.packages, opened.client), key };
}

/**
 * Whether a place can be reached and listed, before hours of work.
 * @throws BodyscriptError `BUCKET_MISSING`, `STORAGE_*`
 */
export async function checkStore(place: string, signal?: AbortSignal): Promise<void> {
  const { store, key } = await openStore(place);
  for await (const _ of store.list(key, signal)) return;
}
