import { readLandmarks } from '../formats/read-landmarks.js';
import type { Quality } from '../model/quality.js';
import { QualitySums } from '../signal/quality.js';
import { collectGarbage } from '../system/collect-garbage.js';

/**
 * Frames between two collections of garbage: left alone, it comes to 40 MB, at the end of an analysis that has none to
 * spare.
 */
const COLLECT_EVERY = 500;

/** Reads a landmark file once, in constant memory. @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID` */
export async function measureQuality(path: string): Promise<Quality> {
  const sums = new QualitySums();
  for await (const frame of readLandmarks(path)) {
    sums.add(frame);
    if (sums.frames % COLLECT_EVERY === 0) collectGarbage();
  }
  return sums.result();
}
