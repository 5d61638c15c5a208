import { isHighDefinition, type VideoInfo } from '../model/frame.js';
import type { YuvMatrix } from '../model/picture.js';
import type { SizeChanges } from './size-changes.js';

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

type Source = Pick<VideoInfo, 'colour' | 'pixelFormat' | 'codedWidth' | 'codedHeight'>;

/** The source's matrix in the scale filter's spelling; undefined if its pixels are not Y'CbCr. */
function sourceMatrix(info: Source): string | undefined {
  if (NOT_YUV.test(info.pixelFormat)) return undefined;
  return SCALE_MATRICES[info.colour.matrix] ?? usualMatrix(info.codedWidth, info.codedHeight);
}

/** The matrix assumed for an unflagged picture of this size. */
function usualMatrix(width: number, height: number): YuvMatrix {
  return isHighDefinition(width, height) ? 'bt709' : 'bt601';
}

function isKept(matrix: string | undefined): matrix is YuvMatrix {
  return matrix === 'bt601' || matrix === 'bt709';
}

/** The matrix of the analysed pictures: the source's own if a `YuvImage` can have it. */
export function analysedMatrix(info: Source): YuvMatrix {
  const matrix = sourceMatrix(info);
  return isKept(matrix) ? matrix : usualMatrix(info.codedWidth, info.codedHeight);
}

/** Since ffmpeg 8, pictures without a flag are otherwise converted to BT.601. */
const FLAGS_OF: Readonly<Record<YuvMatrix, string>> = { bt709: 'bt709', bt601: 'smpte170m' };

const FLAGS = 'flags=bicubic+accurate_rnd+full_chroma_int';

/**
 * ffmpeg filters that convert pictures to a size and to limited-range 4:2:0. The scale filter does nothing if nothing
 * needs converting, which saves most of the decoder's time; pixels other than Y'CbCr of BT.601 or BT.709 go through
 * RGB.
 * @param isAsStored whether pictures of the stored size have that shape
 */
export function colourFilters(
  info: Source,
  { width, height }: { readonly width: number; readonly height: number },
  changes: SizeChanges,
  isAsStored = true,
): string[] {
  const matrix = sourceMatrix(info);
  // ffmpeg adds margins to 4:2:0 only in whole chroma blocks.
  const hasMargins = !isKept(matrix) || (width % 2 === 0 && height % 2 === 0);
  const { scale, margins } = changes.fit({ width, height }, hasMargins, isAsStored);
  const size = `scale=${scale}:${FLAGS}`;
  const from = matrix === undefined ? '' : `:in_color_matrix=${matrix}`;
  const range = isFullRange(info) ? ':in_range=pc' : ':in_range=tv';
  if (isKept(matrix)) {
    return [
      `setparams=colorspace=${FLAGS_OF[matrix]}`,
      `${size}${from}${range}:out_range=tv`,
      ...margins,
      'format=yuv420p',
    ];
  }
  const toRgb = matrix === undefined ? size : `${size}${from}${range}`;
  return [
    toRgb,
    ...margins,
    'format=rgb24',
    `scale=${FLAGS}:out_color_matrix=${analysedMatrix(info)}:out_range=tv`,
    'format=yuv420p',
  ];
}

/** Whether pixels use the full range. Motion JPEG often shows it only by its pixel format. */
function isFullRange({ colour, pixelFormat }: Source): boolean {
  return colour.range === 'pc' || (colour.range !== 'tv' && pixelFormat.startsWith('yuvj'));
}

/** A sentence about colour processing that this tool lacks; undefined if it lacks none. */
export function colourWarning(info: Pick<VideoInfo, 'colour'>): string | undefined {
  if (info.colour.transfer === 'smpte2084' || info.colour.transfer === 'arib-std-b67') {
    return `high dynamic range (${info.colour.transfer}) is read without tone mapping: frames look flatter than in a video player`;
  }
  return undefined;
}
