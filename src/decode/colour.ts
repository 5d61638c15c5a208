import { isHighDefinition, type VideoInfo } from '../model/frame.js';

/** ffprobe's matrix names in the spelling of ffmpeg's scale filter. */
const SCALE_MATRICES: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
  fcc: 'fcc',
  smpte240m: 'smpte240m',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
};

const NOT_YUV = /^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|pal8|mono|x2rgb|x2bgr|gray|ya)/;

/** The matrix that turns the stream's pixels into RGB, in the scale filter's spelling; undefined where there is nothing to turn. */
export function colourMatrix(
  info: Pick<VideoInfo, 'colour' | 'pixelFormat' | 'codedWidth' | 'codedHeight'>,
): string | undefined {
  if (NOT_YUV.test(info.pixelFormat)) return undefined;
  const named = SCALE_MATRICES[info.colour.matrix];
  if (named) return named;
  return isHighDefinition(info.codedWidth, info.codedHeight) ? 'bt709' : 'bt601';
}

/** Options of the scale filter for the stream's own matrix and range; swscale alone would take BT.601 for all. */
export function colourOptions(
  info: Pick<VideoInfo, 'colour' | 'pixelFormat' | 'codedWidth' | 'codedHeight'>,
): string[] {
  const matrix = colourMatrix(info);
  const options = matrix === undefined ? [] : [`in_color_matrix=${matrix}`];
  if (info.colour.range === 'tv' || info.colour.range === 'pc') options.push(`in_range=${info.colour.range}`);
  return options;
}

/** What the colours need that this tool does not do, as a sentence; undefined where all is well. */
export function colourWarning(info: Pick<VideoInfo, 'colour'>): string | undefined {
  if (info.colour.transfer === 'smpte2084' || info.colour.transfer === 'arib-std-b67') {
    return `high dynamic range (${info.colour.transfer}) is read without tone mapping: the picture is flatter than a player shows it`;
  }
  return undefined;
}
