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

/** The source's matrix in the scale filter's spelling; undefined where its pixels are no Y'CbCr. */
function sourceMatrix(info: Source): string | undefined {
  if (NOT_YUV.test(info.pixelFormat)) return undefined;
  return SCALE_MATRICES[info.colour.matrix] ?? usualMatrix(info.codedWidth, info.codedHeight);
}

/** What an unflagged picture of this size is taken for. */
function usualMatrix(width: number, height: number): YuvMatrix {
  return isHighDefinition(width, height) ? 'bt709' : 'bt601';
}

function isKept(matrix: string | undefined): matrix is YuvMatrix {
  return matrix === 'bt601' || matrix === 'bt709';
}

/** The matrix of the pictures that are analysed: the source's own where a `YuvImage` can have it. */
export function analysedMatrix(info: Source): YuvMatrix {
  const matrix = sourceMatrix(info);
  return isKept(matrix) ? matrix : usualMatrix(info.codedWidth, info.codedHeight);
}

/** Since ffmpeg 8, pictures without a flag would else be converted to BT.601. */
const FLAGS_OF: Readonly<Record<YuvMatrix, string>> = { bt709: 'bt709', bt601: 'smpte170m' };

const FLAGS = 'flags=bicubic+accurate_rnd+full_chroma_int';

/**
 * ffmpeg filters that bring pictures to a size and to limited-range 4:2:0. The scale filter does nothing where nothing
 * is to be done, which saves most of the decoder's time; other pixels than Y'CbCr of BT.601 or BT.709 go through RGB.
 * @param isAsStored whether pictures of the stored size have that shape
 */
export function colourFilters(
  info: Source,
  { width, height }: { readonly width: number; readonly height: number },
  changes: SizeChanges,
  isAsStored = true,
): string[] {
  const matrix = sourceMatrix(info);
  // ffmpeg adds margins to 4:2:0 in whole blocks of colour only.
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

/** Motion JPEG is, and says so by its pixel format alone. */
function isFullRange({ colour, pixelFormat }: Source): boolean {
  return colour.range === 'pc' || (colour.range !== 'tv' && pixelFormat.startsWith('yuvj'));
}

/** What the colours need that this tool does not do, as a sentence; undefined where all is well. */
export function colourWarning(info: Pick<VideoInfo, 'colour'>): string | undefined {
  if (info.colour.transfer === 'smpte2084' || info.colour.transfer === 'arib-std-b67') {
    return `high dynamic range (${info.colour.transfer}) is read without tone mapping: frames look flatter than in a video player`;
  }
  return undefined;
}
