import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { isInBucket } from '../batch/places.js';
import { BodyscriptError, systemErrorCode } from '../errors.js';
import { systemPath } from '../system/byte-names.js';

/** What the system answers where a share is not mounted, or its server is lost. */
const NOT_MOUNTED = new Set(['ENOENT', 'ESTALE', 'ENOTCONN', 'EHOSTDOWN', 'EHOSTUNREACH']);

/**
 * Distinguishes a machine without the share from a video that is missing: the next jobs would fail there as well.
 * @param hasVideo whether the video was found
 * @throws BodyscriptError `SHARE_MISSING` where the folder of a missing video, or that above the results, is absent
 */
export async function checkShares(
  { path, outDir }: { readonly path: string; readonly outDir: string },
  hasVideo: boolean,
): Promise<void> {
  if (!hasVideo && !isInBucket(path)) await needFolder(dirname(path), path);
  if (!isInBucket(outDir)) await needFolder(dirname(outDir), outDir);
}

async function needFolder(folder: string, needed: string): Promise<void> {
  const problem = await stat(systemPath(folder)).then(
    () => undefined,
    cause => cause as Error,
  );
  if (!problem || !NOT_MOUNTED.has(systemErrorCode(problem) ?? '')) return;
  throw new BodyscriptError('SHARE_MISSING', `${needed}: ${folder} does not exist on this machine (${hostname()})`, {
    cause: problem,
  });
}
