import { type AwkwardClip, frames, H264 } from './recipe.js';

const TRACK_HEADER = Buffer.from('tkhd');
/** From the box's type to its matrix, in version 0 (ISO/IEC 14496-12, 8.3.2). */
const MATRIX_AT = 44;
const ONE = 0x10000;

/** An MP4 whose display matrix is a rotation and a mirroring: its four upper left numbers. */
function shownBy(a: number, b: number, c: number, d: number) {
  return (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    const at = changed.indexOf(TRACK_HEADER) + MATRIX_AT;
    for (const [i, value] of [a, b, 0, c, d].entries()) changed.writeInt32BE(value * ONE, at + 4 * i);
    return changed;
  };
}

const HDR = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
const plain = [...frames(8), ...H264];

/** Pictures with unusual pixels, sizes and positions. */
export const PICTURE_CLIPS: readonly AwkwardClip[] = [
  { name: 'mirrored by its display matrix', file: 'mirrored.mp4', args: plain, patch: shownBy(-1, 0, 0, 1) },
  { name: 'upside down by its display matrix', file: 'flipped.mp4', args: plain, patch: shownBy(1, 0, 0, -1) },
  { name: 'transposed by its display matrix', file: 'transposed.mov', args: plain, patch: shownBy(0, 1, 1, 0) },
  {
    name: 'odd sides in 4:4:4',
    file: 'odd.mp4',
    args: [...frames(8, '25', '161x121'), '-c:v', 'libx264', '-pix_fmt', 'yuv444p'],
  },
  {
    name: 'odd sides, VP9',
    file: 'odd.webm',
    args: [...frames(8, '25', '161x121'), '-c:v', 'libvpx-vp9', '-cpu-used', '8'],
  },
  {
    name: 'odd sides, anamorphic, interlaced',
    file: 'odd-fields.mkv',
    args: [...frames(8, '25', '161x121'), '-vf', 'setsar=16/15,setfield=tff', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p'],
  },
  { name: '4:0:0 of H.264', file: 'grey.mp4', by: 'path', args: [...frames(8), '-c:v', 'libx264', '-pix_fmt', 'gray'] },
  {
    name: '4:2:2 of 10 bits',
    file: 'ten.avi',
    args: [...frames(8), '-c:v', 'ffv1', '-pix_fmt', 'yuv422p10le', '-strict', '-2'],
  },
  {
    name: '12 bits',
    file: 'twelve.mkv',
    args: [...frames(8), '-c:v', 'libx265', '-pix_fmt', 'yuv420p12le', '-x265-params', 'log-level=none'],
  },
  { name: '16 bits of RGB', file: 'deep.mkv', args: [...frames(6), '-c:v', 'ffv1', '-pix_fmt', 'gbrp14le'] },
  {
    name: 'high dynamic range',
    file: 'hdr.mp4',
    args: [...frames(10), '-c:v', 'libx265', '-pix_fmt', 'yuv420p10le', '-x265-params', 'log-level=none', ...HDR],
  },
  {
    name: 'transparency, VP9',
    file: 'alpha.webm',
    args: [...frames(10), '-vf', 'format=yuva420p', '-c:v', 'libvpx-vp9', '-cpu-used', '8', '-auto-alt-ref', '0'],
  },
  {
    name: 'transparency, ProRes 4444',
    file: 'alpha.mov',
    args: [...frames(6), '-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuva444p10le'],
  },
  {
    name: 'DNxHR',
    file: 'dnxhr.mov',
    args: [...frames(4, '25', '256x144'), '-c:v', 'dnxhd', '-profile:v', 'dnxhr_lb', '-pix_fmt', 'yuv422p'],
  },
  {
    name: 'a palette in AVI',
    file: 'palette.avi',
    args: [...frames(6), '-vf', 'format=rgb8,format=pal8', '-c:v', 'rawvideo', '-pix_fmt', 'pal8'],
  },
  { name: 'black and white of 1 bit', file: 'mono.nut', args: [...frames(6), '-c:v', 'rawvideo', '-pix_fmt', 'monob'] },
  {
    name: 'UYVY of a capture card',
    file: 'capture.mov',
    args: [...frames(6), '-c:v', 'rawvideo', '-pix_fmt', 'uyvy422'],
  },
  { name: 'full range, H.264', file: 'full.mp4', args: [...frames(8), '-c:v', 'libx264', '-pix_fmt', 'yuvj420p'] },
];
