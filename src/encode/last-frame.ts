import { type FileHandle, open } from 'node:fs/promises';

/** A box of ISO/IEC 14496-12 in a file. */
interface Box {
  readonly type: string;
  /** Where its content begins and ends, in bytes of the file. */
  readonly from: number;
  readonly to: number;
}

const HEAD_BYTES = 8;
const LONG_HEAD_BYTES = 16;
const SIZE_IS_LONG = 1;
/** Version and flags, at the start of a full box. */
const VERSION_BYTES = 4;
const COUNT_BYTES = 4;
const STTS_ENTRY_BYTES = 8;
/** Position of durations in a full box, and their length in bytes, by the box's version. */
const DURATION_IN_HEADER = [
  { at: 16, bytes: 4 },
  { at: 24, bytes: 8 },
] as const;
const DURATION_IN_TRACK_HEADER = [
  { at: 20, bytes: 4 },
  { at: 28, bytes: 8 },
] as const;
const TIMESCALE_AT = [12, 20] as const;
const EDIT_BYTES = [12, 20] as const;

type Place = (typeof DURATION_IN_HEADER)[number] | (typeof DURATION_IN_TRACK_HEADER)[number];
type Version = 0 | 1;

/**
 * Gives the last frame of a finished MP4's first track its duration. ffmpeg does not know it: before version 5.0 it
 * writes none, later ones the average of the others.
 * @param ticks of the track, more than 0
 * @throws RangeError if the file is not such an MP4
 */
export async function setLastFrameTime(path: string, ticks: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const movie = await boxIn(file, { type: '', from: 0, to: (await file.stat()).size }, 'moov');
    const track = await boxIn(file, movie, 'trak');
    const media = await boxIn(file, track, 'mdia');
    const longer = await changeTimes(file, await boxIn(file, media, 'minf', 'stbl', 'stts'), ticks);
    if (longer === 0) return;
    const header = await boxIn(file, media, 'mdhd');
    const timescale = await timescaleOf(file, header);
    const length = (await addTo(file, header, DURATION_IN_HEADER, longer)) / timescale;
    await changeMovie(file, movie, track, length, longer / timescale);
  } finally {
    await file.close();
  }
}

/** @returns ticks by which the track becomes longer; may be negative */
async function changeTimes(file: FileHandle, { from, to }: Box, ticks: number): Promise<number> {
  const count = await readNumber(file, from + VERSION_BYTES, COUNT_BYTES);
  const last = from + VERSION_BYTES + COUNT_BYTES + (count - 1) * STTS_ENTRY_BYTES;
  if (count === 0 || last + STTS_ENTRY_BYTES > to) throw new RangeError('the track has no frames');
  const frames = await readNumber(file, last, COUNT_BYTES);
  const found = await readNumber(file, last + COUNT_BYTES, COUNT_BYTES);
  // If the last entry covers several frames, the earlier ones determine its duration.
  if (frames !== 1 || found === ticks) return 0;
  await writeNumber(file, last + COUNT_BYTES, COUNT_BYTES, ticks);
  return ticks - found;
}

/**
 * The track's and the movie's own lengths, in ticks of the movie.
 * @param seconds of the track @param longer in seconds
 */
async function changeMovie(file: FileHandle, movie: Box, track: Box, seconds: number, longer: number): Promise<void> {
  const header = await boxIn(file, movie, 'mvhd');
  const timescale = await timescaleOf(file, header);
  const edits = await findBox(file, track, 'edts', 'elst');
  const shown = edits ? await changeLastEdit(file, edits, longer * timescale) : Math.ceil(seconds * timescale);
  const trackHeader = await boxIn(file, track, 'tkhd');
  await writeDuration(file, trackHeader, DURATION_IN_TRACK_HEADER, shown);
  let longest = 0;
  for (const { type, from, to } of await boxesIn(file, movie)) {
    if (type !== 'trak') continue;
    const other = await boxIn(file, { type, from, to }, 'tkhd');
    longest = Math.max(longest, await readDuration(file, other, DURATION_IN_TRACK_HEADER));
  }
  await writeDuration(file, header, DURATION_IN_HEADER, longest);
}

/** @returns total duration of all edits, in ticks of the movie */
async function changeLastEdit(file: FileHandle, { from }: Box, longer: number): Promise<number> {
  const version = await versionOf(file, from);
  const count = await readNumber(file, from + VERSION_BYTES, COUNT_BYTES);
  const bytes = DURATION_IN_HEADER[version].bytes;
  let shown = 0;
  for (let i = 0; i < count; i++) {
    const at = from + VERSION_BYTES + COUNT_BYTES + i * EDIT_BYTES[version];
    const found = await readNumber(file, at, bytes);
    const length = i === count - 1 ? Math.max(0, Math.ceil(found + longer)) : found;
    if (length !== found) await writeNumber(file, at, bytes, length);
    shown += length;
  }
  return shown;
}

async function addTo(file: FileHandle, box: Box, places: readonly [Place, Place], ticks: number): Promise<number> {
  const length = (await readDuration(file, box, places)) + ticks;
  await writeDuration(file, box, places, length);
  return length;
}

async function readDuration(file: FileHandle, { from }: Box, places: readonly [Place, Place]): Promise<number> {
  const { at, bytes } = places[await versionOf(file, from)];
  return readNumber(file, from + at, bytes);
}

async function writeDuration(
  file: FileHandle,
  { from }: Box,
  places: readonly [Place, Place],
  duration: number,
): Promise<void> {
  const { at, bytes } = places[await versionOf(file, from)];
  await writeNumber(file, from + at, bytes, duration);
}

async function timescaleOf(file: FileHandle, { from }: Box): Promise<number> {
  return readNumber(file, from + TIMESCALE_AT[await versionOf(file, from)], COUNT_BYTES);
}

async function versionOf(file: FileHandle, at: number): Promise<Version> {
  return (await readNumber(file, at, 1)) === 1 ? 1 : 0;
}

/** The first box of a type, or of a type nested in another, and so on. @throws RangeError */
async function boxIn(file: FileHandle, within: Box, ...types: readonly string[]): Promise<Box> {
  const found = await findBox(file, within, ...types);
  if (!found) throw new RangeError(`the MP4 has no ${types.join('/')}`);
  return found;
}

async function findBox(file: FileHandle, within: Box, ...types: readonly string[]): Promise<Box | undefined> {
  let box: Box | undefined = within;
  for (const type of types) box = box && (await boxesIn(file, box)).find(other => other.type === type);
  return box;
}

async function boxesIn(file: FileHandle, { from, to }: Box): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = from; at + HEAD_BYTES <= to; at = boxes.at(-1)?.to ?? to) {
    const { buffer } = await file.read(Buffer.alloc(LONG_HEAD_BYTES), 0, LONG_HEAD_BYTES, at);
    const size = buffer.readUInt32BE(0);
    const isLong = size === SIZE_IS_LONG;
    const length = isLong ? Number(buffer.readBigUInt64BE(HEAD_BYTES)) : size || to - at;
    const head = isLong ? LONG_HEAD_BYTES : HEAD_BYTES;
    if (length < head || at + length > to) throw new RangeError('the MP4 has a box that does not fit');
    boxes.push({ type: buffer.toString('latin1', 4, HEAD_BYTES), from: at + head, to: at + length });
  }
  return boxes;
}

async function readNumber(file: FileHandle, at: number, bytes: 1 | 4 | 8): Promise<number> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
  if (bytesRead !== bytes) throw new RangeError('the MP4 ends too early');
  return bytes === 8 ? Number(buffer.readBigUInt64BE(0)) : buffer.readUIntBE(0, bytes);
}

async function writeNumber(file: FileHandle, at: number, bytes: 4 | 8, value: number): Promise<void> {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 8) buffer.writeBigUInt64BE(BigInt(value));
  else buffer.writeUInt32BE(value);
  await file.write(buffer, 0, bytes, at);
}
