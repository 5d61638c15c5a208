import { analysedSize } from '../../src/decode/decode-command.js';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { openSource } from '../../src/decode/input.js';
import { probeVideo } from '../../src/decode/probe.js';
import type { FrameSelection } from '../../src/decode/selection.js';
import { toRgba } from '../../src/model/picture.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import type { RgbPicture } from './degrade.js';

/** The pictures of a clip as shown, rotated by its display matrix. */
export async function* readClip(path: string, selection: FrameSelection = { every: 1 }): AsyncGenerator<RgbPicture> {
  const { ffmpeg, ffprobe } = await findFfmpeg();
  const source = await openSource(path);
  const video = await probeVideo(source, ffprobe);
  await using reader = await FrameReader.open({ source, video, size: analysedSize(video), selection, ffmpeg });
  for await (const frame of reader.frames()) {
    const { width, height, data: rgba } = toRgba(frame.image);
    const data = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) for (let k = 0; k < 3; k++) data[i * 3 + k] = rgba[i * 4 + k]!;
    frame.release();
    yield { width, height, data };
  }
}
