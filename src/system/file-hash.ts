import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of some bytes, in hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 over the content of files, one after another, read in small pieces. */
export async function sha256OfFiles(paths: readonly string[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for await (const chunk of createReadStream(path, signal ? { signal } : {})) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
