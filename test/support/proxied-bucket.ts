import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FaultProxy, startProxy } from './fault-proxy.js';
import { makeWithFfmpeg } from './ffmpeg.js';
import { type Bucket, startBucket } from './moto.js';

/** The bucket `lab` behind a proxy, for commands that run as on machines of their own. */
export interface ProxiedBucket {
  readonly bucket: Bucket;
  readonly proxy: FaultProxy;
  /** What makes a command use the bucket, and keep its temporary files in the test's folder. */
  env(more?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** Lets each request pass again, and forgets those of before. */
  calm(): void;
  /** Requests for the bytes of videos since `calm`. */
  downloads(): FaultProxy['passed'];
  /** How often each run record was accepted since `calm`, by path. */
  published(): Record<string, number>;
}

/** Starts the server and the proxy, which end with the test file. @param folder of the test's temporary files */
export async function startProxiedBucket(folder: string): Promise<ProxiedBucket> {
  const bucket = await startBucket();
  const proxy = await startProxy(bucket.endpoint);
  return {
    bucket,
    proxy,
    env: (more = {}) => ({ ...bucket.env(proxy.endpoint), TMPDIR: folder, ...more }),
    calm: () => {
      proxy.fault = () => undefined;
      proxy.passed.length = 0;
    },
    downloads: () => proxy.passed.filter(({ method, path }) => method === 'GET' && /\.(mp4|mov|mkv)\?/.test(path)),
    published: () => {
      const counts: Record<string, number> = {};
      for (const { method, path, status } of proxy.passed) {
        if (method !== 'PUT' || status !== 200 || !path.includes('.run.json')) continue;
        const key = path.replace(/\?.*$/, '');
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return counts;
    },
  };
}

/** A clip of a test picture at 30 frames per second. @returns its bytes, which are also in the folder */
export async function testClip(folder: string, name: string, seconds: number): Promise<Buffer> {
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=160x120:r=30:d=${seconds}`, '-c:v', 'libx264'];
  return readFile(await makeWithFfmpeg(source, join(folder, name)));
}

/** The files below a folder, which need not exist, whose names end so. */
export async function filesBelow(folder: string, suffix: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith(suffix))
    .map(entry => join(entry.parentPath, entry.name));
}
