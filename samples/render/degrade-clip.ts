import { degrade, parseDegradation, type RgbPicture } from './degrade.js';
import { encodeClip } from './encode.js';
import { readClip } from './read-clip.js';

/** For the output of `degradeClip`: high enough that measurements show the degradation, not the encoder. */
const CRF = 12;

/**
 * Degrades a clip and writes it as another one, with the same frames. Times become those of a constant 30 frames per
 * second.
 * @param how as `parseDegradation` reads it, several with commas: `dark:0.1`, `blur:7,dark:0.3`
 */
export async function degradeClip(input: string, how: string, output: string): Promise<string> {
  const pictures = readClip(input);
  const first = await pictures.next();
  if (first.done) throw new RangeError(`${input}: no frames`);

  async function* all(): AsyncGenerator<RgbPicture> {
    yield first.value as RgbPicture;
    yield* pictures;
  }

  const harder = how.split(',').map(parseDegradation).reduce<AsyncIterable<RgbPicture>>(degrade, all());
  await encodeClip(harder, first.value, [], { crf: CRF }, output);
  return output;
}
