import { analysedSize } from '../decode/decode-command.js';
import { openSource, type VideoSource } from '../decode/input.js';
import { probeVideo } from '../decode/probe.js';
import { findFfmpeg } from '../system/ffmpeg-binaries.js';
import type { Job } from './job.js';
import type { AnalyzeOptions } from './options.js';
import { checkPersonPlace } from './person-place.js';

/** A video, opened and inspected; nothing is decoded or written. */
export type InspectedVideo = Omit<Job, 'plan'>;

/**
 * The caller disposes of the `source`.
 * @param signal stops it early; its reason is thrown
 * @throws BodyscriptError if the video cannot be read, or ffmpeg is not installed
 */
export async function inspectVideo(
  path: string,
  options: AnalyzeOptions,
  signal?: AbortSignal,
): Promise<InspectedVideo> {
  const source = await openSource(path, { ...options.source, maxPixels: options.machine.maxPixels });
  try {
    return await inspect(source, options, signal);
  } catch (error) {
    await source[Symbol.asyncDispose]();
    signal?.throwIfAborted(); // An interruption may look like a failure.
    throw error;
  }
}

async function inspect(
  source: VideoSource,
  options: AnalyzeOptions,
  signal: AbortSignal | undefined,
): Promise<InspectedVideo> {
  const { ffmpeg, ffprobe } = options.machine;
  const binaries = await findFfmpeg({
    ...(ffmpeg === undefined ? {} : { ffmpeg }),
    ...(ffprobe === undefined ? {} : { ffprobe }),
    ...(signal ? { signal } : {}),
  });
  signal?.throwIfAborted();
  const video = await probeVideo(source, binaries.ffprobe, {
    rotate: options.source.rotate,
    streamIndex: options.source.videoStream,
    deinterlace: options.source.deinterlace,
    signal,
  });
  checkPersonPlace(source.path, options.analysis.person, video);
  return { options, binaries, source, video, size: analysedSize(video, options.analysis.maxSize) };
}
