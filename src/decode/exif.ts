import type { FileHandle } from 'node:fs/promises';
import type { Orientation } from '../model/frame.js';

/** A JPEG's metadata come first, in segments of 64 KB at most. */
const MOST_BYTES = 128 * 1024;
const START_OF_IMAGE = 0xffd8;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
const EXIF = 'Exif\0\0';
const ORIENTATION_TAG = 0x0112;
const IFD_ENTRY_BYTES = 12;
const MARKER_BYTES = 2;

/** The rotation and mirroring that bring a picture upright, by EXIF number (CIPA DC-008, "Orientation", 1 to 8). */
const ORIENTATIONS: readonly Orientation[] = [
  { clockwise: 0, mirrored: false },
  { clockwise: 0, mirrored: true },
  { clockwise: 180, mirrored: false },
  { clockwise: 180, mirrored: true },
  { clockwise: 90, mirrored: true },
  { clockwise: 90, mirrored: false },
  { clockwise: 270, mirrored: true },
  { clockwise: 270, mirrored: false },
];

/** Whether a file begins like a JPEG. */
export async function isJpeg(file: FileHandle): Promise<boolean> {
  const start = await file.read(Buffer.alloc(MARKER_BYTES), 0, MARKER_BYTES, 0);
  return start.buffer.readUInt16BE(0) === START_OF_IMAGE;
}

/** How to rotate a JPEG according to its EXIF data; undefined if the file is not a JPEG or does not say. */
export async function exifOrientation(file: FileHandle): Promise<Orientation | undefined> {
  if (!(await isJpeg(file))) return undefined;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
  const tiff = exifOf(buffer.subarray(0, bytesRead));
  const number = tiff && orientationNumber(tiff);
  return number === undefined ? undefined : ORIENTATIONS[number - 1];
}

/** The TIFF structure inside a JPEG's EXIF segment. */
function exifOf(jpeg: Buffer): Buffer | undefined {
  for (let at = MARKER_BYTES; at + 2 * MARKER_BYTES <= jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1];
    if (marker === START_OF_SCAN) return undefined;
    const length = jpeg.readUInt16BE(at + MARKER_BYTES);
    const content = jpeg.subarray(at + 2 * MARKER_BYTES, at + MARKER_BYTES + length);
    if (marker === APP1 && content.toString('latin1', 0, EXIF.length) === EXIF) return content.subarray(EXIF.length);
    at += MARKER_BYTES + length;
  }
  return undefined;
}

/** The orientation in a TIFF structure's first directory. */
function orientationNumber(tiff: Buffer): number | undefined {
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) =>
    at + 2 <= tiff.length ? (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)) : 0;
  const long = (at: number) => (at + 4 <= tiff.length ? (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at)) : 0);
  const directory = long(4);
  for (let i = 0; i < short(directory); i++) {
    const entry = directory + 2 + i * IFD_ENTRY_BYTES;
    if (entry + IFD_ENTRY_BYTES > tiff.length) return undefined;
    if (short(entry) === ORIENTATION_TAG) return short(entry + 8);
  }
  return undefined;
}
