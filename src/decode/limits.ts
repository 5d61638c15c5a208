import { BodyscriptError } from '../errors.js';

/** The largest picture that is decoded by default; 8K video has 33 million pixels. */
export const DEFAULT_MAX_PIXELS = 100_000_000;
/** The largest number that ffmpeg accepts. */
export const HIGHEST_MAX_PIXELS = 2 ** 31 - 1;
/** Cameras write fewer than 20; each stream costs memory before any frame is read. */
const MOST_STREAMS = 100;

const GIBIBYTE = 1024 ** 3;
/** Address space for a program that only probes a video: its own libraries and a few of the largest pictures. */
export const PROBE_ADDRESS_SPACE = 2 * GIBIBYTE;
/** A decoder keeps up to 16 pictures that others refer to, and 10 bits take two bytes. */
const DECODER_BYTES_PER_PIXEL = 64;

/** Maximum address space for decoding pictures of a size: far more than decoding needs. */
export function addressSpaceFor(pixels: number): number {
  return PROBE_ADDRESS_SPACE + DECODER_BYTES_PER_PIXEL * pixels;
}

/** ffmpeg's and ffprobe's own limits, as options before `-i`. */
export function limitOptions(maxPixels: number): readonly string[] {
  return ['-max_streams', String(MOST_STREAMS), '-max_pixels', String(Math.min(maxPixels, HIGHEST_MAX_PIXELS))];
}

/** A source and the limit that it was opened with. */
export interface Limited {
  readonly path: string;
  readonly maxPixels: number;
}

/** @throws BodyscriptError `INPUT_TOO_LARGE` */
export function checkPixels({ path, maxPixels }: Limited, width: number, height: number): void {
  if (width * height <= maxPixels) return;
  throw new BodyscriptError(
    'INPUT_TOO_LARGE',
    `${path}: its frames of ${width}x${height} have ${millions(width * height)} pixels, the limit is ${millions(maxPixels)}`,
    {
      remedy:
        'If the size is right, raise the limit with --max-pixels; decoding needs about 10 bytes of memory a pixel.',
    },
  );
}

/**
 * All picture streams together, in multiples of one picture's limit: ffmpeg decodes a first picture of each, whichever
 * is selected.
 */
const ALL_STREAMS = 2;

/** @throws BodyscriptError `INPUT_TOO_LARGE` */
export function checkAllPixels({ path, maxPixels }: Limited, pixels: readonly number[]): void {
  const sum = pixels.reduce((total, count) => total + count, 0);
  if (sum <= ALL_STREAMS * maxPixels) return;
  throw new BodyscriptError(
    'INPUT_TOO_LARGE',
    `${path}: one frame of each of its ${pixels.length} streams has ${millions(sum)} pixels in total, the limit is ${millions(ALL_STREAMS * maxPixels)}`,
    { remedy: 'If the size is right, raise the limit with --max-pixels (half of the total).' },
  );
}

/**
 * Checks whether ffmpeg or ffprobe complained about a picture's size.
 * @throws BodyscriptError `INPUT_TOO_LARGE`
 */
export function checkPixelComplaint(source: Limited, text: string | undefined): void {
  const match = /Picture size (\d+)x(\d+) (?:exceeds specified max pixel count|is invalid)/.exec(text ?? '');
  if (match) checkPixels(source, Number(match[1]), Number(match[2]));
}

/**
 * Checks whether a program stopped at one of the other limits.
 * @throws BodyscriptError `INPUT_TOO_LARGE`
 */
export function checkLimitComplaint({ path }: Limited, text: string): void {
  if (/Number of streams exceeds max_streams/.test(text)) {
    throw new BodyscriptError('INPUT_TOO_LARGE', `${path}: has more than ${MOST_STREAMS} streams`, {
      remedy: 'Extract the stream you need: ffmpeg -max_streams 9999 -i IN -map 0:v:0 -c copy OUT.mkv',
    });
  }
  if (/Cannot allocate memory/.test(text)) {
    const limit = `${PROBE_ADDRESS_SPACE / GIBIBYTE} GB`;
    throw new BodyscriptError('INPUT_TOO_LARGE', `${path}: ffprobe needs more than ${limit} of memory to read it`, {
      remedy: 'Check where the file comes from; a normal video needs a tenth of that.',
    });
  }
}

function millions(pixels: number): string {
  return `${Number((pixels / 1e6).toPrecision(3))} million`;
}
