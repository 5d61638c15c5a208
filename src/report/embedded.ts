import { readRegular, Unusable } from './regular-file.js';

/** Pictures made with an analysis: first bytes and maximum length of each type. */
const KINDS = {
  '.contact-sheet.jpg': { type: 'image/jpeg', mostBytes: 32 * 2 ** 20 },
  '.thumbnail.jpg': { type: 'image/jpeg', mostBytes: 256 * 1024 },
  '.plots.svg': { type: 'image/svg+xml', mostBytes: 32 * 2 ** 20 },
} as const;
export type PictureSuffix = keyof typeof KINDS;

const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

function isWhatItClaims(type: string, content: Buffer): boolean {
  if (type === 'image/jpeg') return content.subarray(0, JPEG.length).equals(JPEG);
  return /^<svg[\s>]/.test(content.toString('latin1', 0, 5));
}

/**
 * A picture beside a run record as a data URL, for a self-contained page. @param root the results folder @param stem
 * path of the run's outputs without suffix @param onWarning receives unusable files: a link, another type of file, or
 * one that is too long @returns undefined without a usable picture
 */
export async function embeddedPicture(
  root: string,
  stem: string,
  suffix: PictureSuffix,
  onWarning: (message: string) => void,
): Promise<string | undefined> {
  const { type, mostBytes } = KINDS[suffix];
  const path = `${stem}${suffix}`;
  try {
    const content = await readRegular(root, path, mostBytes);
    if (!isWhatItClaims(type, content))
      throw new Unusable(`is not ${type === 'image/jpeg' ? 'a JPEG' : 'an SVG'} file`);
    return `data:${type};base64,${content.toString('base64')}`;
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    if (!error.isMissing) onWarning(`${path}: left out; it ${error.message}`); // It may have been moved since.
    return undefined;
  }
}
