import type { RgbaImage } from '../model/picture.js';
import { installFor, type NamedFfmpeg, outputOf } from './ask-ffmpeg.js';
import { type CheckResult, checked, good } from './check.js';
import { SELF_TEST_FRAME } from './self-test-frame.js';

const ARGUMENTS = ['-v', 'error', '-f', 'mjpeg', '-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'rgba', 'pipe:1'];

/**
 * Has ffmpeg decode the test picture: one that starts, and lists its decoders, may still lack a library that decodes.
 * @param path of ffmpeg
 * @returns also the picture, for the engines
 */
export async function checkDecoding(
  path: string,
  named: NamedFfmpeg,
): Promise<{ result: CheckResult; picture?: RgbaImage }> {
  const { width, height, jpeg } = SELF_TEST_FRAME;
  let picture: RgbaImage | undefined;
  const result = await checked('decoding', 'missing', installFor(named), async () => {
    const stdout = await outputOf(path, ARGUMENTS, named.signal, {
      feed: async stdin => void stdin.end(Buffer.from(jpeg, 'base64')),
      encoding: 'latin1',
    });
    const data = Uint8Array.from(Buffer.from(stdout, 'latin1'));
    if (data.length !== width * height * 4) throw new Error('ffmpeg does not decode the test image in full');
    picture = { width, height, data };
    return good('ffmpeg decodes the test image');
  });
  return picture ? { result, picture } : { result };
}
