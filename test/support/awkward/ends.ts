import { frames, H264_B } from './recipe.js';

const FRAGMENTED = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-g', '4'];

/** Recordings that lose their last quarter. If the file does not reveal that, ffmpeg does not notice it either. */
export const CUT_CLIPS = [
  { name: 'MPEG-TS', file: 'cut.ts', isTold: true, args: [...frames(40), ...H264_B, '-f', 'mpegts'] },
  { name: 'Matroska', file: 'cut-off.mkv', isTold: true, args: [...frames(40), ...H264_B] },
  { name: 'fragmented MP4', file: 'cut-off.mp4', isTold: true, args: [...frames(40), ...H264_B, ...FRAGMENTED] },
  {
    name: 'MP4 with its index in front',
    file: 'indexed.mp4',
    isTold: true,
    args: [...frames(40), ...H264_B, '-movflags', '+faststart'],
  },
  { name: 'AVI', file: 'cut-off.avi', isTold: true, args: [...frames(40), '-c:v', 'mpeg4', '-bf', '2'] },
  { name: 'AVI of JPEGs', file: 'jpegs.avi', isTold: true, args: [...frames(14), '-c:v', 'mjpeg'] },
  { name: 'FLV', file: 'cut-off.flv', isTold: true, args: [...frames(40), ...H264_B] },
  { name: 'MPEG-PS', file: 'cut-off.mpg', isTold: true, args: [...frames(40), '-c:v', 'mpeg2video', '-bf', '2'] },
  { name: 'WebM', file: 'cut-off.webm', isTold: true, args: [...frames(40), '-c:v', 'libvpx'] },
  { name: 'WMV', file: 'cut-off.wmv', isTold: true, args: [...frames(14), '-c:v', 'wmv2'] },
  { name: 'raw H.264', file: 'cut-off.h264', isTold: true, isRaw: true, args: [...frames(40), ...H264_B] },
  { name: 'Ogg', file: 'cut-off.ogv', isTold: false, args: [...frames(40), '-c:v', 'libtheora'] },
  { name: 'Y4M', file: 'cut-off.y4m', isTold: false, args: frames(12) },
] as const;
