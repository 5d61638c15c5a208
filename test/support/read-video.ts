import { analysedSize } from '../../src/decode/decode-command.js';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { openSource } from '../../src/decode/input.js';
import { type ProbeOptions, probeVideo } from '../../src/decode/probe.js';
import type { FrameSelection } from '../../src/decode/selection.js';
import type { YuvImage } from '../../src/model/picture.js';
import { type FfmpegBinaries, findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { FFMPEG_KINDS, type FfmpegKind } from './ffmpeg.js';

/** The kinds of ffmpeg on this machine. */
export const KINDS = FFMPEG_KINDS.filter(({ available }) => available).map(({ kind }) => kind);

/** The programs of one kind, as the tool finds them. */
export async function binariesOf(kind: FfmpegKind['kind']): Promise<FfmpegBinaries> {
  const usual = { ...process.env };
  Object.assign(process.env, FFMPEG_KINDS.find(other => other.kind === kind)?.environment);
  try {
    return await findFfmpeg();
  } finally {
    for (const name of ['PATH', 'BODYSCRIPT_FFMPEG', 'BODYSCRIPT_FFPROBE']) {
      if (usual[name] === undefined) delete process.env[name];
      else process.env[name] = usual[name];
    }
  }
}

export interface ReadOptions {
  readonly selection?: FrameSelection;
  readonly maxSize?: number;
  readonly sequenceFps?: number;
  readonly probe?: ProbeOptions;
  /** Called with each frame's picture, which is valid until the call returns. */
  readonly look?: (image: YuvImage, frameId: number, timestamp: number) => void;
}

/** Reads a whole video with one kind of ffmpeg. */
export async function readVideo(path: string, kind: FfmpegKind['kind'], options: ReadOptions = {}) {
  const { ffmpeg, ffprobe } = await binariesOf(kind);
  const { sequenceFps, look, selection = { every: 1 } } = options;
  await using source = await openSource(path, sequenceFps === undefined ? {} : { sequenceFps });
  const video = await probeVideo(source, ffprobe, options.probe);
  const size = analysedSize(video, options.maxSize);
  await using reader = await FrameReader.open({ source, video, size, selection, ffmpeg });
  const ids: number[] = [];
  const times: number[] = [];
  for await (const { frameId, timestamp, image, release } of reader.frames()) {
    ids.push(frameId);
    times.push(timestamp);
    look?.(image, frameId, timestamp);
    release();
  }
  return { video, size, ids, times, decoded: reader.report.decodedFrames, warnings: reader.report.warnings };
}
