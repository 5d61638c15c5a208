import { extname } from 'node:path';
import { openRegular } from '../../formats/regular-file.js';
import { systemPath } from '../../system/byte-names.js';
import { CONTENT_BYTES, type Content, contentOf } from './video-content.js';

const extensions = (names: string): ReadonlySet<string> => new Set(names.split(/\s+/).map(name => `.${name}`));

/** Extensions used only by videos: other content means damage, and its failure is reported. */
const VIDEO = extensions(
  `264 265 266 3g2 3gp 3gp2 3gpp amv asf av1 avi divx dv dvr-ms evo f4p f4v flv gxf h261 h263 h264 h265 h266 hevc insv
  ismv ivf jvt k3g lrf lrv m1v m2p m2t m2ts m2v m4v mj2 mjpeg mjpg mk3d mkv mov mp2v mp4 mp4v mpe mpeg mpeg1 mpeg2
  mpeg4 mpg mpg2 mpv mpv2 mxf nsv nuv obu ogm ogv pva qt rm rmvb tod tp trp vc1 vob vro vvc webm wmv wtv xvid y4m`,
);

/** Extensions of videos that other files share: TypeScript, Qt translations, Squirrel, panoramas. */
const SHARED = extensions('360 mts nut ts');

/**
 * Extensions of files that are never opened: audio, pictures, documents, code, archives, and incomplete or deleted
 * videos.
 */
const OTHER = extensions(
  `aac ac3 aif aiff amr ape caf dts eac3 flac m3u m3u8 m4a m4b mid midi mka mp2 mp3 oga ogg opus ra wav weba wma
  ai avif bmp cr2 cr3 dng eps exr gif heic heif ico j2k jp2 jpeg jpg nef png psd raw svg tga thm tif tiff webp xcf
  csv doc docx htm html json json5 jsonl log md ndjson odp ods odt parquet pdf ppt pptx rst rtf tex toml tsv txt xls
  xlsx xml yaml yml ass idx lrc srt sub vtt
  c cc cfg cjs conf cpp cs css cts go h hpp ini ipynb java js jsx lock m map mjs mot php pl ps1 py r rb rs sh sql sto
  trc tsx vue wasm
  7z apk bz2 deb dmg exe gz iso jar rar rpm so tar tgz xz zip zst
  db mat npy npz onnx pkl pt pth sqlite task tflite c3d fbx glb obj
  bak bup crdownload download ifo old orig part partial temp tmp xmp ds_store`,
);

/** The verdict from a file's name; `open` means undecided. */
function byName(path: string): 'video' | 'shared' | 'other' | 'open' {
  const extension = extname(path).toLowerCase();
  if (VIDEO.has(extension)) return 'video';
  if (SHARED.has(extension)) return 'shared';
  return OTHER.has(extension) ? 'other' : 'open';
}

/** Whether a file may be a video, by name. */
export function mayBeVideo(path: string): boolean {
  return byName(path) !== 'other';
}

/** The type of a file in a folder: `text` has the extension of a video, and is text. */
export type FileKind = 'video' | 'text' | 'other';

/**
 * Recognises the videos of a folder, by name if that is certain, otherwise by the file's first bytes. An inconclusive
 * name needs conclusive content; an extension that videos share with other files is trusted unless the content is text,
 * so that a damaged recording is tried and its failure reported.
 */
export async function kindOfFile(path: string): Promise<FileKind> {
  const name = byName(path);
  if (name === 'video' || name === 'other') return name;
  const content = await readContent(path);
  if (name === 'open') return content === 'video' ? 'video' : 'other';
  return content === 'text' ? 'text' : 'video';
}

/** `unknown` also for unreadable files: trying them reports the error. */
async function readContent(path: string): Promise<Content> {
  try {
    const handle = await openRegular(systemPath(path));
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(CONTENT_BYTES), 0, CONTENT_BYTES, 0);
      return contentOf(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return 'unknown';
  }
}
