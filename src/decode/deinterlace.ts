import type { VideoInfo } from '../model/frame.js';
import type { Binary } from '../system/ffmpeg-binaries.js';
import { runProgram } from '../system/run-program.js';
import type { SizeChanges } from './size-changes.js';

/** Values of `--deinterlace`: `auto` acts on streams flagged as interlaced, and there on the frames flagged so. */
export const DEINTERLACE_CHOICES = ['auto', 'on', 'off'] as const;
export type DeinterlaceChoice = (typeof DEINTERLACE_CHOICES)[number];

/** ffmpeg's filters that turn fields into whole frames, the better one first. Builds without GPL parts may lack it. */
const DEINTERLACERS = ['bwdif', 'yadif'] as const;
export type Deinterlacer = (typeof DEINTERLACERS)[number];

/** ffprobe's names for the orders of two fields: coded and shown top or bottom first. */
const INTERLACED = ['tt', 'bb', 'tb', 'bt'];
const LISTING_TIMEOUT_MS = 20_000;
/** Frames that the filter buffers before it outputs the first. */
export const HELD_BY_DEINTERLACER = 2;

/** Which frames of a stream are deinterlaced. @param fieldOrder as ffprobe reports it */
export function framesToDeinterlace(
  choice: DeinterlaceChoice,
  fieldOrder: string | undefined,
): VideoInfo['deinterlaced'] {
  if (choice === 'auto') return INTERLACED.includes(fieldOrder ?? '') ? 'flagged' : 'no';
  return choice === 'on' ? 'all' : 'no';
}

const known = new Map<string, Deinterlacer | undefined>();

/** The best deinterlacer of an ffmpeg build; undefined if it has none. */
export async function findDeinterlacer({ path }: Binary): Promise<Deinterlacer | undefined> {
  if (known.has(path)) return known.get(path);
  const { stdout, exitCode } = await runProgram(path, ['-hide_banner', '-filters'], LISTING_TIMEOUT_MS);
  const names = new Set(stdout.split('\n').map(line => line.trim().split(/\s+/)[1]));
  const found = DEINTERLACERS.find(name => names.has(name));
  if (exitCode === 0) known.set(path, found);
  return found;
}

/**
 * ffmpeg filters that turn every two fields into one whole frame, before any frame is skipped: each frame needs its
 * neighbours. They need pictures of the stored size, so other pictures must be scaled first: the filter does not check.
 */
export function deinterlaceFilters(info: VideoInfo, name: Deinterlacer | undefined, sizes: SizeChanges): string[] {
  if (name === undefined || info.deinterlaced === 'no') return [];
  const { codedWidth: width, codedHeight: height, timeBase } = info;
  const { scale, margins } = sizes.fit({ width, height }, width % 2 === 0 && height % 2 === 0);
  const which = info.deinterlaced === 'all' ? 'all' : 'interlaced';
  // The filter counts time in half-ticks.
  const ticks = `settb=${timeBase.num}/${timeBase.den}`;
  return [`scale=${scale}:flags=bicubic`, ...margins, `${name}=mode=send_frame:parity=auto:deint=${which}`, ticks];
}

/** Sentences about it for the user. */
export function deinterlaceWarnings({ deinterlaced }: VideoInfo, name: Deinterlacer | undefined): string[] {
  if (deinterlaced === 'no' || name === DEINTERLACERS[0]) return [];
  if (name !== undefined) return [`this ffmpeg has no ${DEINTERLACERS[0]}: the video is deinterlaced with ${name}`];
  return ['this ffmpeg has no deinterlacer: frames are analysed interlaced'];
}
