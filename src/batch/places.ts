import { isAbsolute, resolve } from 'node:path';
import { absolutePath, addressOf, isBucketAddress, isInPlace, parseAddress } from '../storage/address.js';
import { checkStore } from '../storage/open-store.js';
import { containedPath, isInside } from '../system/contained-path.js';
import { prepareOutputFolder } from '../system/whole-file.js';

/** Whether a video, or results, are in a bucket; otherwise in a folder. */
export const isInBucket = isBucketAddress;

/** A place for results as it stands in jobs: a folder's path from the root on, or `s3://bucket/prefix`. */
export function placeForResults(out: string): string {
  return isInBucket(out) ? out.replace(/(?<=[^/])\/+$/, '') : absolutePath(out);
}

/**
 * Checks that results can be written to a place.
 * @throws BodyscriptError as `prepareOutputFolder` and `checkStore` do
 */
export async function preparePlace(place: string, signal: AbortSignal): Promise<void> {
  await (isInBucket(place) ? checkStore(place, signal) : prepareOutputFolder(place));
}

/** Whether a place that was read back is spelled as this program spells it: absolute, without detours. */
export function isPlainPlace(place: string): boolean {
  if (place.includes('\0')) return false;
  return isInBucket(place) ? isPlainAddress(place) : isAbsolute(place) && resolve(place) === place;
}

function isPlainAddress(place: string): boolean {
  try {
    return addressOf(parseAddress(place)) === place;
  } catch {
    return false;
  }
}

/** Where outputs with a name that was read back are; undefined if that is not below their place. */
export function placeOfOutputs(place: string, name: string): string | undefined {
  if (!isInBucket(place)) return containedPath(place, name);
  const address = `${place.replace(/\/$/, '')}/${name}`;
  // A folder of this machine holds them until they are uploaded, so its rules count as well.
  return isPlainPlace(address) ? containedPath(resolve('results'), name) && address : undefined;
}

/** Whether a place is below another once all links are followed. Both are plain. */
export async function isBelowPlace(outer: string, inner: string): Promise<boolean> {
  if (isInBucket(outer) !== isInBucket(inner)) return false;
  return isInBucket(outer) ? isInPlace(outer, inner) : isInside(outer, inner);
}
