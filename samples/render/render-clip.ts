import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clip, Film } from './clip.js';
import { FILMS } from './clips.js';
import { degrade, type RgbPicture } from './degrade.js';
import { encodeClip } from './encode.js';
import type { FramePool } from './frame-pool.js';
import type { Quality } from './march/renderer.js';
import { turned180, turnedLeft } from './picture.js';
import { POINT, type TrueLandmark, type Truth, upsideDown } from './truth.js';

/** Sixteen hexadecimal digits of the SHA-256 of a frame's pixels. */
export function frameHash(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}

/** Size of a clip's rendered picture: upright ones are rendered upright, and stored on their side. */
export function shownSize(clip: Clip, quality: Quality): Quality {
  const { scale = 1 }: Film = FILMS[clip.film as keyof typeof FILMS];
  const [width, height] = [quality.width * scale, quality.height * scale];
  return clip.displayTurn ? { ...quality, width: height, height: width } : { ...quality, width, height };
}

function truthOf(clip: Clip, film: Film, { width, height }: Quality, frames: readonly TrueLandmark[][][]): Truth {
  return {
    schema: 'bodyscript-truth/1',
    width,
    height,
    verticalFieldOfViewDegrees: film.camera(0).fieldOfView,
    people: film.roles.map(role => role.person),
    point: POINT,
    times: film.times.map(time => Number(time.toFixed(6))),
    frames: clip.upsideDown ? frames.map(people => upsideDown(people, width, height)) : frames,
  };
}

/** Renders, degrades and encodes one clip into `folder`. `pool` renders frames of the size that the clip is shown in
 * and, with `keep`, holds on to them for the next clip of the same film.
 * @returns the hash of each frame's raw RGB before it is encoded
 */
export async function renderClip(
  clip: Clip,
  pool: FramePool,
  quality: Quality,
  folder: string,
  keep: boolean,
  onFrame: () => void,
): Promise<string[]> {
  const name = clip.film as keyof typeof FILMS;
  const film: Film = FILMS[name];
  const truth: TrueLandmark[][][] = [];
  const frameHashes: string[] = [];
  const size = shownSize(clip, quality);

  async function* rendered(): AsyncGenerator<RgbPicture> {
    for await (const frame of pool.film(name, keep)) {
      truth.push([...frame.truth]);
      onFrame();
      const picture = { width: size.width, height: size.height, data: frame.data };
      yield clip.upsideDown ? turned180(picture) : picture;
    }
  }

  async function* stored(pictures: AsyncIterable<RgbPicture>): AsyncGenerator<RgbPicture> {
    for await (const picture of pictures) {
      frameHashes.push(frameHash(picture.data));
      yield clip.displayTurn ? turnedLeft(picture) : picture;
    }
  }

  const pictures = clip.degradations.reduce<AsyncIterable<RgbPicture>>(degrade, rendered());
  const codedSize = clip.displayTurn ? { width: size.height, height: size.width } : size;
  await encodeClip(stored(pictures), codedSize, film.times, clip, join(folder, `${clip.name}.mp4`));
  const result = truthOf(clip, film, size, truth);
  await writeFile(join(folder, `${clip.name}.truth.json`), `${JSON.stringify(result)}\n`);
  return frameHashes;
}
