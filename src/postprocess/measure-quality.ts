import { readLandmarks } from '../formats/read-landmarks.js';
import type { Quality } from '../model/quality.js';
import { describeLeaps, tableClock } from '../model/steady-clock.js';
import { QualitySums } from '../signal/quality.js';

/**
 * Reads a landmark file once, in constant memory. Frames on either side of a jump of its clock are not compared.
 * @param onLeaps receives the jumps in words, after "its times"
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function measureQuality(path: string, onLeaps?: (leaps: string) => void): Promise<Quality> {
  const sums = new QualitySums();
  const clock = tableClock();
  for await (const frame of readLandmarks(path)) {
    sums.add(frame);
    clock.next(frame.timestamp, frame.frameId);
  }
  const leaps = describeLeaps(clock);
  if (leaps !== undefined) onLeaps?.(leaps);
  return sums.result();
}
