import { motoClient, motoEnvironment, startMoto } from './moto-server.js';

export { MOTO } from './moto-server.js';

/** A server on this machine that keeps buckets in memory. */
export interface Bucket {
  readonly endpoint: string;
  /** What makes a client talk to it, or to a proxy before it. */
  env(endpoint?: string): Record<string, string>;
  put(key: string, content: Uint8Array | string): Promise<string>;
  text(key: string): Promise<string>;
  bytes(key: string): Promise<Buffer>;
  /** Keys with their ETags, below a prefix. */
  list(prefix?: string): Promise<Record<string, string>>;
  /** Keys of uploads that were begun, and neither completed nor aborted. */
  unfinished(): Promise<string[]>;
  remove(key: string): Promise<void>;
}

/** The bucket `lab`. Its server ends with this process: at the end of the test file. */
export async function startBucket(): Promise<Bucket> {
  const { endpoint } = await startMoto();
  const s3 = await import('@aws-sdk/client-s3');
  const client = await motoClient(endpoint);
  const Bucket = 'lab';
  await client.send(new s3.CreateBucketCommand({ Bucket }));
  return {
    endpoint,
    env: (at = endpoint) => motoEnvironment(at),
    put: async (key, content) =>
      (await client.send(new s3.PutObjectCommand({ Bucket, Key: key, Body: content }))).ETag ?? '',
    text: async key =>
      (await client.send(new s3.GetObjectCommand({ Bucket, Key: key }))).Body?.transformToString() ?? '',
    bytes: async key => {
      const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    list: async (prefix = '') => {
      const { Contents = [] } = await client.send(new s3.ListObjectsV2Command({ Bucket, Prefix: prefix }));
      return Object.fromEntries(Contents.map(({ Key = '', ETag = '' }) => [Key, ETag]));
    },
    unfinished: async () => {
      const { Uploads = [] } = await client.send(new s3.ListMultipartUploadsCommand({ Bucket }));
      return Uploads.map(({ Key = '' }) => Key);
    },
    remove: async key => void (await client.send(new s3.DeleteObjectCommand({ Bucket, Key: key }))),
  };
}
