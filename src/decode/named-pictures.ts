import { extname } from 'node:path';

/** Pictures that ffmpeg recognises only by name, and whether a file begins like one. */
const KNOWN_BY_NAME: Readonly<Record<string, (head: Buffer) => boolean>> = {
  // After the length of an identification field: the type of palette and of picture.
  '.tga': head => (head[1] ?? 2) <= 1 && [1, 2, 3, 9, 10, 11].includes(head[2] ?? 0),
  '.pam': head => /^P7\n/.test(head.toString('latin1')),
  '.pgmyuv': head => /^P5\s/.test(head.toString('latin1')),
  '.xbm': head => /^\s*#define /.test(head.toString('latin1')),
};

/** What ffmpeg takes for a pattern of numbered pictures, if its path contains a `%`. */
const PICTURES =
  /\.(?:jpe?g|jpg|jps|mpo|jls|ljpg|png|pns|mng|p[pngbaf]m|pgmyuv|tga|bmp|tiff?|dng|sgi|ras|sun|im\d*|pcx|dpx|exr|pic|gif|webp|xbm|xpm|xwd|xface|j2[ck]|jp2|jpc|qoi|jxl|pix|psd|hdr|wbmp|phm|y|yuv|v210|raw|mpg[124]-img)$/i;

/** Reads a picture by name; the name is never taken for a pattern. */
export const SINGLE_PICTURE: readonly string[] = ['-f', 'image2', '-pattern_type', 'none'];

/** Whether ffmpeg recognises a file's format by name and not by content. @param head its first bytes */
export function isKnownByName(path: string, head: Buffer): boolean {
  return KNOWN_BY_NAME[extname(path).toLowerCase()]?.(head) ?? false;
}

/** Whether ffmpeg might read other files if given this name. */
export function mayBePattern(path: string): boolean {
  return path.includes('%') && PICTURES.test(path);
}
