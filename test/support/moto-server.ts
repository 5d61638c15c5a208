import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { S3Client } from '@aws-sdk/client-s3';

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
export interface MotoServer extends Disposable {
  readonly endpoint: string;
}

/** Runs a program until the shell's stdin ends, with the process that holds the other end of it, however that ends. */
const BOUND = 'exec 3<&0; "$@" & server=$!; { cat <&3 >/dev/null; kill "$server"; } 2>/dev/null & wait "$server"';

export async function startMoto(): Promise<MotoServer> {
  const moto = [MOTO ?? '', '-H', '127.0.0.1', '-p', '0'];
  const server = spawn('/bin/sh', ['-c', BOUND, 'sh', ...moto], { stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = () => void server.stdin.end();
  try {
    return { endpoint: await addressOf(server), [Symbol.dispose]: stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** What makes a client use a server. */
export function motoEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

/** A client with which tests prepare buckets and look into them. */
export async function motoClient(endpoint: string): Promise<S3Client> {
  const { S3Client: Client } = await import('@aws-sdk/client-s3');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new Client({ endpoint, forcePathStyle: true, region: 'us-east-1', credentials });
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
