import { symlink, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Frame } from '../model/frame.js';
import { makeTemporaryFolder } from '../system/temporary-folder.js';

const BLACK = { luma: 16, chroma: 128 } as const;
const NAMES_KEPT = 5;

/** Which frames to hand out, and how to make the ones without a picture. */
export interface AbsentFrames {
  /** The first frame to hand out. */
  readonly first: number;
  /** All frames, including those without a picture. */
  readonly count: number;
  /** Upper limit of frames handed out. */
  readonly most: number;
  /** Whether a frame was selected. */
  isWanted(frameId: number): boolean;
  /** A black picture to stand in. */
  makeBlack(frameId: number): Promise<Frame>;
}

/** Numbered pictures with a black one for each that could not be decoded, so that numbers and times stay continuous. */
export async function* withAbsent(
  next: () => Promise<Frame | undefined>,
  { first, count, most, isWanted, makeBlack }: AbsentFrames,
): AsyncGenerator<Frame> {
  let [expected, given] = [first, 0];
  for (;;) {
    const frame = await next();
    const until = frame?.frameId ?? count;
    for (let id = expected; id < until; id++) {
      if (!isWanted(id)) continue;
      if (given++ >= most) return frame?.release();
      yield await makeBlack(id);
    }
    if (!frame) return;
    if (given++ >= most) return frame.release();
    yield frame;
    expected = frame.frameId + 1;
  }
}

/** @param luma bytes of the picture's first plane */
export function blacken(pixels: Uint8Array, luma: number): void {
  pixels.fill(BLACK.luma, 0, luma).fill(BLACK.chroma, luma);
}

/**
 * A sentence about it for the user.
 * @param files all pictures in order
 * @param absent numbers of the frames
 */
export function absentWarnings(files: readonly string[], absent: readonly number[]): string[] {
  if (absent.length === 0) return [];
  const names = absent.slice(0, NAMES_KEPT).map(id => `${basename(files[id] ?? '')} (frame ${id})`);
  const more = absent.length > NAMES_KEPT ? ` and ${absent.length - NAMES_KEPT} more` : '';
  return [`empty or damaged pictures are analysed as black frames: ${names.join(', ')}${more}`];
}

/**
 * A folder of links to pictures, with a one-byte file in place of each empty one: ffmpeg stops silently at an empty
 * file.
 * @param sizes of the files in bytes
 * If a run is killed, the next one removes the folder.
 * @returns the pattern for ffmpeg, numbered from 0; disposing of it removes the folder
 */
export async function linkAround(
  files: readonly string[],
  sizes: readonly number[],
): Promise<AsyncDisposable & { readonly url: string }> {
  const folder = await makeTemporaryFolder('bodyscript-pictures-');
  const suffix = extname(files[0] ?? '');
  try {
    for (const [i, file] of files.entries()) {
      const link = join(folder.path, `${i}${suffix}`);
      if (sizes[i] === 0) await writeFile(link, '\0');
      else await symlink(file, link);
    }
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  const url = `file:${folder.path.replaceAll('%', '%%')}/%d${suffix}`;
  return { url, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
