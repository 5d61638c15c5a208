import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { withoutSecrets } from '../text/url.js';

/** A place in a bucket. */
export interface BucketAddress {
  readonly bucket: string;
  /** Without a slash at its beginning; empty for the whole bucket. */
  readonly key: string;
}

/** Whether a path is an object or a prefix of a bucket: `s3://bucket/clips`. */
export function isBucketAddress(path: string): boolean {
  return /^s3:\/\//i.test(path);
}

/** @throws UsageError for an address without a bucket, or with a query, which may be a signature */
export function parseAddress(address: string): BucketAddress {
  const shown = withoutSecrets(address);
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(address) ?? [];
  if (!/^[a-z0-9][a-z0-9.-]{2,62}$/i.test(bucket)) {
    throw new UsageError(
      `${shown}: the name of a bucket has 3-63 letters, digits, dots or hyphens`,
      'Write s3://BUCKET/PREFIX.',
    );
  }
  if (hasQuery(key)) {
    throw new UsageError(
      `${shown}: an s3:// address must not contain a query, ? or #`,
      'Give credentials in the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_PROFILE.',
    );
  }
  if (hasDots(key)) {
    throw new UsageError(`${shown}: an s3:// address must not contain the parts . or ..`, 'Write the whole prefix.');
  }
  return { bucket, key };
}

const hasQuery = (key: string): boolean => /[?#]/.test(key);
const hasDots = (key: string): boolean => key.split(/[/\\]/).some(part => part === '..' || part === '.');

/** Stores that people name as they name buckets of S3. */
const OTHER_STORES = /^(?:s3[an]|gs|gcs|az|azure|abfss?|wasbs?|b2|r2|oss|cos|obs|swift|hdfs|minio):\/\//i;

/** @throws UsageError for a path that was meant to be an address of a bucket, or is one of another store */
export function refuseMistyped(path: string): void {
  const shown = withoutSecrets(path);
  if (/^s3:(?!\/\/)/i.test(path)) {
    throw new UsageError(`${shown}: is neither a path nor the address of a bucket`, 'Write s3://BUCKET/PREFIX.');
  }
  if (OTHER_STORES.test(path)) {
    throw new UsageError(
      `${shown}: only addresses that begin with s3:// can be read or written`,
      'Copy the files before and after, for example with rclone copy, or use the S3 interface of the store.',
    );
  }
}

/** Whether a key can stand in an address: messages cut off what follows a ? or #, which could be a signature. */
export function isPlainKey(key: string): boolean {
  return !hasQuery(key) && !hasDots(key);
}

export function addressOf({ bucket, key }: BucketAddress): string {
  return `s3://${bucket}/${key}`;
}

/** A path as it stands in records and ledgers: that of a file from the root on, an address as it is. */
export function absolutePath(path: string): string {
  return isBucketAddress(path) ? path : resolve(path);
}

/** A key below a prefix. */
export function keyBelow(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix.replace(/\/$/, '')}/${name}`;
}

/** Whether an object lies below a prefix. Both are valid addresses. */
export function isInPlace(prefix: string, address: string): boolean {
  const [outer, inner] = [parseAddress(prefix), parseAddress(address)];
  const folder = outer.key.replace(/\/*$/, '/');
  return outer.bucket === inner.bucket && (folder === '/' || inner.key.startsWith(folder));
}
