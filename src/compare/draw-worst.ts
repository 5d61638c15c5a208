import { join } from 'node:path';
import { analysedSize } from '../decode/decode-command.js';
import { FrameReader } from '../decode/frame-reader.js';
import { openSource } from '../decode/input.js';
import { probeVideo } from '../decode/probe.js';
import { imageOf, loadCanvas } from '../draw/load-canvas.js';
import { drawSkeleton } from '../draw/skeleton.js';
import { BodyscriptError } from '../errors.js';
import { poseOf } from '../formats/pose-of.js';
import { readLandmarks } from '../formats/read-landmarks.js';
import { checkVideoOf } from '../formats/recorded-run.js';
import type { YuvImage } from '../model/picture.js';
import type { TableFrame } from '../model/table-frame.js';
import { claimOutputs, type Writing } from '../system/claim-outputs.js';
import { findFfmpeg } from '../system/ffmpeg-binaries.js';
import { readStart } from '../system/own-file.js';
import { publish, writePartial } from '../system/whole-file.js';
import type { Comparison } from './comparison.js';

/** Green is golden, magenta is new. */
const GOLDEN = [40, 220, 90] as const;
const FRESH = [255, 60, 220] as const;
const LEAST_VISIBLE = 0.1;

/** Programs that the user named, and whether the video may differ from the analysed ones. */
interface Reading {
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
  readonly anyVideo?: boolean;
}

/**
 * Draws both skeletons into the worst frames of a comparison: the golden one green, the new one magenta.
 * @returns the PNG files
 * @throws BodyscriptError `TABLE_INVALID` if the tables belong to another video; if the video cannot be read, or the
 * canvas library is not installed
 */
export async function drawWorst(
  comparison: Comparison,
  folder: string,
  video: string,
  named: Reading,
  writing: Writing = {},
): Promise<string[]> {
  if (!named.anyVideo) await checkVideo(comparison, video);
  const pictureOf = (rank: number, frameId: number) => join(folder, `worst-${rank + 1}-frame-${frameId}.png`);
  const outputs = comparison.worstFrames.map(({ frameId }, rank) => pictureOf(rank, frameId));
  const inputs = [video, comparison.golden, comparison.new];
  await using _claim = await claimOutputs({ ...writing, outputs, inputs, isOwn: isPicture });
  const wanted = [...new Set(comparison.worstFrames.map(({ timestamp }) => timestamp))];
  const [golden, fresh] = await Promise.all([framesAt(comparison.golden, wanted), framesAt(comparison.new, wanted)]);
  const files: string[] = [];
  for (const [rank, { frameId, timestamp }] of comparison.worstFrames.entries()) {
    if (comparison.worstFrames.findIndex(other => other.timestamp === timestamp) !== rank) continue;
    const image = await readFrame(video, frameId, named);
    for (const person of golden.get(timestamp)?.people ?? [])
      drawSkeleton(image, poseOf(person), { minVisibility: LEAST_VISIBLE }, GOLDEN);
    for (const person of fresh.get(timestamp)?.people ?? [])
      drawSkeleton(image, poseOf(person), { minVisibility: LEAST_VISIBLE }, FRESH);
    const file = pictureOf(rank, frameId);
    await writePartial(file, imageOf(loadCanvas('--picture'), image).toBuffer('image/png'));
    await publish(file);
    files.push(file);
  }
  return files;
}

/** The golden table may come from an original and the new one from a copy: either video is accepted. */
async function checkVideo(comparison: Comparison, path: string): Promise<void> {
  await using source = await openSource(path);
  await checkVideoOf([comparison.golden, comparison.new], source);
}

/** Whether a file is a picture from an earlier comparison, judged by name and format. */
async function isPicture(path: string): Promise<boolean> {
  return (await readStart(path, 8)).slice(1, 4) === 'PNG';
}

/** For each moment, the frame of a file nearest to it. */
async function framesAt(path: string, moments: readonly number[]): Promise<Map<number, TableFrame>> {
  const found = new Map<number, TableFrame>();
  for await (const frame of readLandmarks(path)) {
    for (const moment of moments) {
      const before = found.get(moment);
      if (!before || Math.abs(frame.timestamp - moment) < Math.abs(before.timestamp - moment)) found.set(moment, frame);
    }
  }
  return found;
}

async function readFrame(path: string, frameId: number, named: Reading): Promise<YuvImage> {
  await using source = await openSource(path);
  const { ffmpeg, ffprobe } = await findFfmpeg(named);
  const video = await probeVideo(source, ffprobe, { rotate: undefined, streamIndex: undefined });
  const selection = { every: 1, fromFrame: frameId, maxFrames: 1 };
  await using reader = await FrameReader.open({ source, video, size: analysedSize(video), selection, ffmpeg });
  for await (const { image } of reader.frames()) return { ...image, data: image.data.slice() };
  throw new BodyscriptError('INPUT_NO_FRAMES', `${path}: has no frame ${frameId}`, {
    remedy: 'Give the video that the tables were made from with --video.',
  });
}
