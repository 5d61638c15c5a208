import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { loadOptional } from '../system/optional-package.js';
import {
  type BlobFacts,
  type BlobStore,
  ConditionFailed,
  type GetOptions,
  type PutOptions,
  type PutSource,
} from './blob-store.js';
import { bytesBetween } from './byte-range.js';
import { patiently } from './patience.js';
import { isMissing, s3Error } from './s3-errors.js';

/** The two packages, which are loaded when an address asks for them. */
export interface S3Packages {
  readonly s3: typeof import('@aws-sdk/client-s3');
  readonly upload: typeof import('@aws-sdk/lib-storage').Upload;
}

/** Tries of one request, with the client's own growing pauses between them. */
const ATTEMPTS = 5;
const CONNECT_WITHIN_MS = 10_000;
/** A connection without a byte for so long is given up, and the request tried again. */
const SILENT_AT_MOST_MS = 60_000;
/** A part of a multipart upload; S3 takes 10,000 of them, which is 80 GB. */
const PART_BYTES = 8 * 2 ** 20;
const PARTS_AT_ONCE = 2;
/** Where an endpoint is named and no region: servers that are not Amazon's mostly do not care. */
const ANY_REGION = 'us-east-1';

/** @throws BodyscriptError `PACKAGE_MISSING` */
export function loadS3(): Promise<S3Packages> {
  // The client would warn of Node 20 on stderr, which users of this program can do nothing about.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return loadOptional('s3://', ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'], async () => {
    const [s3, { Upload }] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
    return { s3, upload: Upload };
  });
}

/** The client, with endpoint, region and credentials from its own variables and files. */
export function createClient({ s3 }: S3Packages, env: NodeJS.ProcessEnv = process.env): S3Client {
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (endpoint ? ANY_REGION : undefined);
  return new s3.S3Client({
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, socketTimeout: SILENT_AT_MOST_MS },
    ...(region === undefined ? {} : { region }),
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
  });
}

/** A bucket. */
export class S3Store implements BlobStore {
  readonly name: string;
  readonly #bucket: string;
  readonly #packages: S3Packages;
  readonly #client: S3Client;

  constructor(bucket: string, packages: S3Packages, client: S3Client) {
    this.name = `s3://${bucket}/`;
    this.#bucket = bucket;
    this.#packages = packages;
    this.#client = client;
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobFacts> {
    const { ListObjectsV2Command } = this.#packages.s3;
    for (let token: string | undefined; ; ) {
      const page = await this.#askPatiently(
        prefix,
        client =>
          client.send(
            new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ContinuationToken: token }),
            signal ? { abortSignal: signal } : {},
          ),
        signal,
      );
      for (const { Key, Size, LastModified, ETag } of page.Contents ?? []) {
        if (Key !== undefined) yield facts(Key, Size, LastModified, ETag, undefined);
      }
      token = page.NextContinuationToken;
      if (!page.IsTruncated || token === undefined) return;
    }
  }

  async head(key: string, signal?: AbortSignal): Promise<BlobFacts | undefined> {
    const { HeadObjectCommand } = this.#packages.s3;
    const options = signal ? { abortSignal: signal } : {};
    const ask = (client: S3Client) =>
      client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }), options).catch(error => {
        if (isMissing(error)) return undefined;
        throw error;
      });
    const found = await this.#askPatiently(key, ask, signal);
    return found && facts(key, found.ContentLength, found.LastModified, found.ETag, found.Metadata ?? {});
  }

  async get(key: string, { from = 0, to, ifMatch, signal }: GetOptions = {}): Promise<Readable> {
    const { GetObjectCommand } = this.#packages.s3;
    const isWhole = from === 0 && to === undefined;
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      ...(isWhole ? {} : { Range: `bytes=${from}-${to ?? ''}` }),
      ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
    });
    const options = signal ? { abortSignal: signal } : {};
    const { Body, ETag, ContentRange } = await this.#ask(key, client => client.send(command, options), signal);
    const body = Body instanceof Readable ? Body : Readable.from([]);
    // Not every server knows conditions and ranges: those that do not answer with the whole object, whatever it is now.
    if (ifMatch !== undefined && ETag !== undefined && ETag !== ifMatch) {
      body.destroy();
      throw new ConditionFailed(`${this.name}${key}: is another object by now`);
    }
    if (isWhole || ContentRange?.startsWith(`bytes ${from}-`)) return body;
    return Readable.from(bytesBetween(body, from, to), { objectMode: false });
  }

  async put(key: string, source: PutSource, { ifMatch, ifAbsent, notes, signal }: PutOptions = {}): Promise<string> {
    const params = (): PutObjectCommandInput => ({
      Bucket: this.#bucket,
      Key: key,
      Body: bodyOf(source),
      ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
      ...(ifAbsent ? { IfNoneMatch: '*' } : {}),
      ...(notes ? { Metadata: { ...notes } } : {}),
    });
    const send = async (client: S3Client) => {
      const stoppable = signal ? this.#stoppable(client, signal) : client;
      return new this.#packages.upload({
        client: stoppable,
        params: params(),
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
      }).done();
    };
    signal?.throwIfAborted();
    // A large file fails this attempt at its video instead: the next one uploads it.
    const { ETag } = await ('file' in source ? this.#ask(key, send, signal) : this.#askPatiently(key, send, signal));
    return ETag ?? '';
  }

  async remove(key: string): Promise<void> {
    const { DeleteObjectCommand } = this.#packages.s3;
    await this.#askPatiently(key, client => client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key })));
  }

  /** The client, with requests that end at once on a stop, but for the one that discards an unfinished upload. */
  #stoppable(client: S3Client, signal: AbortSignal): S3Client {
    const { AbortMultipartUploadCommand } = this.#packages.s3;
    const send = (command: Parameters<S3Client['send']>[0], options: object = {}) =>
      client.send(
        command,
        command instanceof AbortMultipartUploadCommand ? options : { ...options, abortSignal: signal },
      );
    return Object.create(client, { send: { value: send } }) as S3Client;
  }

  #askPatiently<T>(key: string, ask: (client: S3Client) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#ask(key, client => patiently(() => ask(client), signal), signal);
  }

  async #ask<T>(key: string, ask: (client: S3Client) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await ask(this.#client);
    } catch (error) {
      signal?.throwIfAborted();
      throw s3Error(`${this.name}${key}`, error);
    }
  }
}

function bodyOf(source: PutSource): string | Buffer | Readable {
  if ('file' in source) return createReadStream(source.file, { highWaterMark: 256 * 1024 });
  return 'text' in source ? source.text : source.bytes;
}

function facts(
  key: string,
  bytes: number | undefined,
  modified: Date | undefined,
  etag: string | undefined,
  notes: BlobFacts['notes'],
): BlobFacts {
  return { key, bytes: bytes ?? 0, modified: modified?.getTime() ?? 0, etag: etag ?? '', notes };
}
