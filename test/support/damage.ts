/** Changes one bit of a file. @param random 0-1 */
export function withFlippedBit(bytes: Buffer, random: () => number): Buffer {
  const damaged = Buffer.from(bytes);
  const at = Math.floor(random() * bytes.length);
  damaged[at] = damaged[at]! ^ (1 << Math.floor(random() * 8));
  return damaged;
}

type Overwriting = (bytes: Buffer, random: () => number) => Buffer;

/** Damage from crashes, full disks and manual edits. */
const OVERWRITES: readonly Overwriting[] = [
  // A sector of zeros, or of noise.
  (bytes, random) => part(bytes, random, 512).fill(0),
  (bytes, random) => noise(part(bytes, random, 512), random),
  // One byte, and a digit that changes a number.
  (bytes, random) => noise(part(bytes, random, 1), random),
  (bytes, random) => part(bytes, random, 1).fill(`${Math.floor(random() * 10)}`),
  (bytes, random) => noise(bytes, random),
];

/** A part of it, in the same memory. */
function part(bytes: Buffer, random: () => number, length: number): Buffer {
  const at = Math.floor(random() * Math.max(1, bytes.length - length));
  return bytes.subarray(at, at + length);
}

function noise(bytes: Buffer, random: () => number): Buffer {
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
  return bytes;
}

/** A file overwritten in part or whole, cut off, or grown; each `kind` in another way. @param kind 0, 1, 2... */
export function overwritten(bytes: Buffer, kind: number, random: () => number): Buffer {
  const damaged = Buffer.from(bytes);
  const kinds = OVERWRITES.length + 3;
  const which = kind % kinds;
  const how = OVERWRITES[which];
  if (how) {
    how(damaged, random);
    return damaged;
  }
  if (which === kinds - 3) return damaged.subarray(0, Math.floor(random() * bytes.length));
  if (which === kinds - 2) return Buffer.concat([damaged, damaged.subarray(0, 1 + Math.floor(random() * 100))]);
  return Buffer.alloc(0);
}
