import { sha256 } from './file-hash.js';

/**
 * File systems accept names of 255 bytes. This leaves room for the suffixes of outputs, their unfinished files and
 * files made from them later: `.filtered.person-12.trc.partial`.
 */
const LONGEST_BYTES = 200;
const HASH_DIGITS = 8;
const SHORTENED = /~[0-9a-f]{8}$/;

/**
 * The base name of a video's outputs, short enough for every suffix: a longer name keeps its beginning, and a hash of
 * the full name distinguishes it from others with the same beginning. The result is deterministic.
 * @param name below the output folder and with slashes; only its last part is shortened
 */
export function fittingName(name: string): string {
  const slash = name.lastIndexOf('/') + 1;
  const last = name.slice(slash);
  if (Buffer.byteLength(last) <= LONGEST_BYTES) return name;
  let [kept, bytes] = ['', Buffer.byteLength('~') + HASH_DIGITS];
  for (const { segment } of new Intl.Segmenter().segment(last)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > LONGEST_BYTES) break;
    kept += segment;
  }
  return `${name.slice(0, slash)}${kept}~${sha256(last).slice(0, HASH_DIGITS)}`;
}

/** Whether `fittingName` shortened a name. */
export function isShortened(name: string): boolean {
  return SHORTENED.test(name) && Buffer.byteLength(name) > LONGEST_BYTES / 2;
}
