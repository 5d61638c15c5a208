import { analysedSize } from '../../src/decode/decode-command.js';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { openSource } from '../../src/decode/input.js';
import { probeVideo } from '../../src/decode/probe.js';
import { type YuvImage, yuvBytes } from '../../src/model/picture.js';
import { allocatePictures } from '../../src/model/picture-memory.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';

/** Copies of a clip's first pictures, or of every n-th: for code that reads pictures more than once. */
export async function decodeAll(path: string, count: number, every = 1): Promise<YuvImage[]> {
  const { ffmpeg, ffprobe } = await findFfmpeg();
  await using source = await openSource(path);
  const video = await probeVideo(source, ffprobe);
  await using reader = await FrameReader.open({
    source,
    video,
    size: analysedSize(video),
    selection: { every, maxFrames: count },
    ffmpeg,
  });
  const pictures: YuvImage[] = [];
  const { width, height } = analysedSize(video);
  // In the memory layout of a run's frames.
  const buffers = allocatePictures(yuvBytes(width, height), count);
  for await (const frame of reader.frames()) {
    const data = buffers[pictures.length]!;
    data.set(frame.image.data);
    pictures.push({ ...frame.image, data });
    frame.release();
  }
  return pictures;
}
