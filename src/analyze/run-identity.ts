import { stat } from 'node:fs/promises';
import type { EngineInfo } from '../engine/pose-engine.js';
import { systemPath } from '../system/byte-names.js';
import type { InspectedVideo } from './inspect-video.js';

/**
 * What determines the numbers of a run besides its options and this program's version: the file, the decoder, the size
 * of the pictures, and the networks.
 */
export async function identityOf(
  { source, binaries, size }: Pick<InspectedVideo, 'source' | 'binaries' | 'size'>,
  engine: EngineInfo,
): Promise<readonly unknown[]> {
  const modified = await Promise.all(source.files.map(async file => (await stat(systemPath(file))).mtimeMs));
  const written = { files: source.files.length, modified: Math.max(...modified) };
  // The copy of an object is as old as its download.
  const input = { bytes: source.bytes, ...(source.etag === undefined ? written : { etag: source.etag }) };
  const decoder = binaries.ffmpeg.version;
  // The place of the weights does not affect any number.
  const { weights: _place, reason: _reason, ...network } = engine;
  return [input, decoder, size, network];
}
