import type { RunRecord } from '../model/run-record.js';
import { sha256OfFiles } from '../system/file-hash.js';
import type { FileFacts } from './ledger/ledger.js';

/**
 * Whether a video is still the one that a run analysed: an object by its ETag; a file by its time, which must not be
 * after the run's start. A file server whose clock is ahead gives later times, so then the content decides.
 * @param path absolute, or an address
 */
export async function isVideoOf(
  { input, startedAt }: Pick<RunRecord, 'input' | 'startedAt'>,
  path: string,
  { bytes, modified, etag }: FileFacts,
): Promise<boolean> {
  if (input.bytes !== bytes) return false;
  if (etag !== undefined) return input.etag === etag;
  if (modified <= Date.parse(startedAt)) return true;
  return input.sha256 !== null && (await sha256OfFiles([path]).catch(() => '')) === input.sha256;
}
