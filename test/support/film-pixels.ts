import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';

const run = promisify(execFile);

/** The luma of all of a film's frames, one after another. */
export async function lumaOf(path: string): Promise<Buffer> {
  const { ffmpeg } = await findFfmpeg();
  const args = ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
  const { stdout } = await run(ffmpeg.path, args, { maxBuffer: 1 << 28, encoding: 'buffer' });
  return stdout;
}
