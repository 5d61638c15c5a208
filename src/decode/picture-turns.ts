import type { FileHandle } from 'node:fs/promises';
import type { Orientation, PictureTurn, VideoInfo } from '../model/frame.js';
import { counted, timesOf } from '../text/counted.js';
import { colourFilters } from './colour.js';
import { exifOrientation, isJpeg } from './exif.js';
import { orientationFilters, swapsSides, UPRIGHT } from './orientation.js';
import type { SizeChanges } from './size-changes.js';

/** How numbered pictures are rotated. */
export interface PictureTurns {
  /** The first JPEG. */
  readonly orientation: Orientation | undefined;
  /** Those with another rotation, in order. */
  readonly turns: readonly PictureTurn[];
}

/** A longer command line would exceed the system's limit. */
const MOST_TURNS = 2000;
const FILES_AT_ONCE = 16;

const isSame = (a: Orientation, b: Orientation) => a.clockwise === b.clockwise && a.mirrored === b.mirrored;

/**
 * Reads each numbered picture's rotation from its EXIF data. Those without it share the rotation of the ones before.
 */
export async function turnsOf(
  files: readonly string[],
  open: (file: string) => Promise<FileHandle>,
): Promise<PictureTurns> {
  const all: (Orientation | undefined)[] = [];
  for (let at = 0; at < files.length; at += FILES_AT_ONCE)
    all.push(...(await Promise.all(files.slice(at, at + FILES_AT_ONCE).map(file => orientationIn(file, open)))));
  const first = all.find(orientation => orientation !== undefined);
  const turns: PictureTurn[] = [];
  let last = first ?? UPRIGHT;
  for (const [frame, orientation = last] of all.entries()) {
    const before = turns.at(-1);
    if (before?.to === frame - 1 && isSame(before.orientation, orientation)) {
      turns[turns.length - 1] = { ...before, to: frame };
    } else if (turns.length <= MOST_TURNS && !isSame(orientation, first ?? UPRIGHT))
      turns.push({ from: frame, to: frame, orientation });
    last = orientation;
  }
  return { orientation: first, turns };
}

/** Undefined for a file that is not a JPEG: among JPEGs it is empty or damaged, and other formats have no rotation. */
async function orientationIn(
  file: string,
  open: (file: string) => Promise<FileHandle>,
): Promise<Orientation | undefined> {
  const handle = await open(file);
  try {
    return (await isJpeg(handle)) ? ((await exifOrientation(handle)) ?? UPRIGHT) : undefined;
  } finally {
    await handle.close();
  }
}

/** ffmpeg filters that scale pictures to a size, convert them to the analysed colours, and turn them upright. */
export function uprightFilters(
  info: VideoInfo,
  size: { readonly width: number; readonly height: number },
  sizes: SizeChanges,
): string[] {
  const ways = [info.orientation, ...distinct(info.turns ?? [])].map(orientation => {
    const [width, height] = swapsSides(orientation) ? [size.height, size.width] : [size.width, size.height];
    const isAsStored = swapsSides(orientation) === swapsSides(info.orientation);
    return [...colourFilters(info, { width, height }, sizes, isAsStored), ...orientationFilters(orientation)];
  });
  const [only = [], ...others] = ways;
  return others.length === 0 ? only : [inTurns(info, ways)];
}

function distinct(turns: readonly PictureTurn[]): Orientation[] {
  return turns.map(({ orientation }) => orientation).filter((it, i, all) => all.findIndex(isSameAs(it)) === i);
}

const isSameAs = (a: Orientation) => (b: Orientation) => isSame(a, b);

/**
 * Rotates every picture every way, and selects the right one for each frame: no filter rotates only some frames by a
 * quarter turn. A picture's number is its tick.
 */
function inTurns({ timeBase, turns = [] }: VideoInfo, ways: readonly (readonly string[])[]): string {
  const branches = ways.map((way, i) => `[in${i}]${way.join(',')}[way${i}]`);
  const inputs = ways.map((_, i) => `[in${i}]`).join('');
  const overlays = distinct(turns).map((orientation, i) => {
    const spans = turns.slice(0, MOST_TURNS).filter(turn => isSame(turn.orientation, orientation));
    const tick = `t*${timeBase.den}/${timeBase.num}`;
    const enable = spans.map(({ from, to }) => `between(${tick},${from - 0.5},${to + 0.5})`).join('+');
    const below = i === 0 ? '[way0]' : `[shown${i}]`;
    return `${below}[way${i + 1}]overlay=format=yuv420:enable='${enable}'`;
  });
  const shown = overlays.map((overlay, i) => (i < overlays.length - 1 ? `${overlay}[shown${i + 1}]` : overlay));
  return [`split=${ways.length}${inputs}`, ...branches, ...shown].join(';').concat(',format=yuv420p');
}

/** A sentence about it for the user. @param analysed size of the pictures that are analysed */
export function turnWarnings({ turns = [] }: VideoInfo, analysed: { width: number; height: number }): string[] {
  const [first] = turns;
  if (!first) return [];
  const frames = turns.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const beyond = turns[MOST_TURNS];
  const rest = beyond
    ? `; from frame ${beyond.from} on the rotation changes too often, and all frames keep that of the first`
    : '';
  return [
    `${counted(frames, 'frame has', 'frames have')} another rotation than the first frame, from frame ${first.from} on: each is turned upright and fitted into ${analysed.width}x${analysed.height}${rest}`,
  ];
}

/**
 * A sentence for the user about a stream that announces another rotation midway: newer ffmpegs rebuild their filters
 * there, without saying how.
 * @param isPart whether the filters select frames, which they count from zero again there
 */
export function turnedInside(
  { count, first }: { readonly count: number; readonly first: number | undefined },
  isPart: boolean,
): string[] {
  if (first === undefined) return [];
  const more = count > 1 ? `, and ${timesOf(count - 1)} later` : '';
  const again = isPart ? ', and --start, --end and --every count from there again' : '';
  return [
    `the rotation changes at frame ${first}${more}: all frames keep that of the first${again} (cut the video there and analyse the parts one by one)`,
  ];
}
