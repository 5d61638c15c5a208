import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll } from 'vitest';

/** Made by `test/support/install-readers.sh`. */
const INSTALLED = fileURLToPath(new URL('../../.readers/bin/moto_server', import.meta.url));
const START_MS = 60_000;

/** The program that plays S3; undefined: a test that needs it skips. */
export const MOTO = [INSTALLED, 'moto_server'].find(program => {
  if (program === INSTALLED) return existsSync(INSTALLED);
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** A server on this machine that keeps buckets in memory. */
export interface Bucket {
  readonly endpoint: string;
  /** What makes a client talk to it, or to a proxy before it. */
  env(endpoint?: string): Record<string, string>;
  put(key: string, content: Uint8Array | string): Promise<string>;
  text(key: string): Promise<string>;
  /** Keys with their ETags, below a prefix. */
  list(prefix?: string): Promise<Record<string, string>>;
  /** Keys of uploads that were begun, and neither completed nor aborted. */
  unfinished(): Promise<string[]>;
  remove(key: string): Promise<void>;
}

/** The bucket `lab`, stopped at the end of the test file. */
export async function startBucket(): Promise<Bucket> {
  const server = spawn(MOTO ?? '', ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  afterAll(() => void server.kill());
  const endpoint = await addressOf(server);
  const s3 = await import('@aws-sdk/client-s3');
  const client: S3Client = new s3.S3Client({
    endpoint,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const Bucket = 'lab';
  await client.send(new s3.CreateBucketCommand({ Bucket }));
  return {
    endpoint,
    env: (at = endpoint) => ({
      AWS_ENDPOINT_URL_S3: at,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    }),
    put: async (key, content) =>
      (await client.send(new s3.PutObjectCommand({ Bucket, Key: key, Body: content }))).ETag ?? '',
    text: async key =>
      (await client.send(new s3.GetObjectCommand({ Bucket, Key: key }))).Body?.transformToString() ?? '',
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

/** Where a server listens, once it says so. */
async function addressOf(server: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`moto_server has not started: ${said}`));
    const timer = setTimeout(fail, START_MS);
    server.once('exit', fail);
    for (const stream of [server.stdout, server.stderr]) {
      stream?.on('data', text => {
        said += text;
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (!address) return;
        clearTimeout(timer);
        resolve(address);
      });
    }
  });
}
