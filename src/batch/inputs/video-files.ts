import { extname } from 'node:path';

/** Extensions of files that a folder is searched for. Any other file can be named, or asked for with `--include`. */
const VIDEO_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    '3g2 3gp asf av1 avi divx dv f4v flv h264 h265 hevc ivf m1v m2t m2ts m2v m4v mjpeg mjpg mkv mov mp4 mpe mpeg mpg mts mxf ' +
    'nut obu ogm ogv qt rm rmvb ts vc1 vob webm wmv wtv y4m'
  )
    .split(' ')
    .map(name => `.${name}`),
);

/** Whether a file's name says that it is a video. */
export function hasVideoExtension(path: string): boolean {
  return VIDEO_EXTENSIONS.has(extname(path).toLowerCase());
}
