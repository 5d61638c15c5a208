import { analysedSize } from '../decode/decode-command.js';
import { openSource, type VideoSource } from '../decode/input.js';
import { probeVideo } from '../decode/probe.js';
import { findFfmpeg } from '../system/ffmpeg-binaries.js';
import type { Job } from './job.js';
import type { AnalyzeOptions } from './options.js';

/** A video, opened and looked at; nothing is decoded, and nothing is written. */
export type InspectedVideo = Omit<Job, 'plan'>;

/**
 * The caller disposes of the `source`.
 * @throws BodyscriptError where the video cannot be read, or ffmpeg is missing
 */
export async function inspectVideo(path: string, options: AnalyzeOptions): Promise<InspectedVideo> {
  const source = await openSource(path, options);
  try {
    return await inspect(source, options);
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}

async function inspect(source: VideoSource, options: AnalyzeOptions): Promise<InspectedVideo> {
  const binaries = await findFfmpeg({
    ...(options.ffmpeg === undefined ? {} : { ffmpeg: options.ffmpeg }),
    ...(options.ffprobe === undefined ? {} : { ffprobe: options.ffprobe }),
  });
  const video = await probeVideo(source, binaries.ffprobe, {
    rotate: options.rotate,
    streamIndex: options.videoStream,
  });
  return { options, binaries, source, video, size: analysedSize(video, options.maxSize) };
}
