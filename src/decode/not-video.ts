import { printable } from './complaint.js';

/** What people mistake for a video, and what to do with it. */
interface Kind {
  /** Follows the file's name. */
  readonly is: string;
  readonly remedy: string;
}

const UNPACK = 'Unpack it, and give the video inside.';
const DOWNLOAD_AGAIN = "Open it in a text editor to read the server's message, then download the video again.";
const LIKELY_ERROR = 'probably from a failed download';
const CONVERT_PHOTO = 'Convert it to JPEG or PNG (with heif-convert or a photo app), and give that file.';
const CHECK = 'Check that it plays in a video player; copy it again if it does not.';
const NAME_VIDEO = 'Give the video file itself.';

/** The byte order mark of UTF-8, read as Latin-1. */
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;

/** By a file's first bytes, read as Latin-1. */
const BY_START: readonly (readonly [starts: readonly string[], kind: Kind])[] = [
  [['PK\x03\x04'], { is: 'is a ZIP archive', remedy: UNPACK }],
  [['\x1f\x8b'], { is: 'is compressed with gzip', remedy: UNPACK }],
  [['7z\xbc\xaf', 'Rar!', '\xfd7zXZ', 'BZh', '\x28\xb5\x2f\xfd'], { is: 'is an archive', remedy: UNPACK }],
  [['%PDF-'], { is: 'is a PDF document', remedy: NAME_VIDEO }],
  [
    ['version https://git-lfs'],
    { is: 'is a Git LFS pointer, not the video itself', remedy: 'Fetch the video with: git lfs pull' },
  ],
  [
    ['\0'.repeat(64)],
    {
      is: 'begins with zeros only: it was never written, or the disk lost it',
      remedy: 'Copy it again from the source; file recovery software may find it on the card.',
    },
  ],
];

/** By the brand of a file built like an MP4. */
const BY_BRAND: readonly (readonly [pattern: RegExp, kind: Kind])[] = [
  [/^ftyp(?:hei[cxms]|mif1|msf1)/, { is: 'is a photo in HEIC, which this ffmpeg cannot read', remedy: CONVERT_PHOTO }],
  [/^ftypavi[fs]/, { is: 'is a picture in AVIF, which this ffmpeg cannot read', remedy: CONVERT_PHOTO }],
];

/** By the text that a file begins with. */
const BY_TEXT: readonly (readonly [pattern: RegExp, kind: Kind])[] = [
  [/^<(?:!doctype html|html|head|body)\b/i, { is: `is a web page, ${LIKELY_ERROR}`, remedy: DOWNLOAD_AGAIN }],
  [/^<(?:\?xml|error)\b/i, { is: `is an XML file, ${LIKELY_ERROR}`, remedy: DOWNLOAD_AGAIN }],
  [
    /^frame_id[,;]/,
    {
      is: 'is a table, not a video',
      remedy: 'Tables are read by the commands filter, angles, cycles, measure, plots, quality and export.',
    },
  ],
  [/^\{\s*"/, { is: `is a JSON file, ${LIKELY_ERROR}`, remedy: DOWNLOAD_AGAIN }],
];

/** ffmpeg's names of formats that are rejected, by their content. */
const PLAYLISTS = /^(?:hls|applehttp|concat|dash|sdp|rtsp|imf|webm_dash_manifest)\b/;
const SUBTITLES =
  /^(?:aqtitle|ass|jacosub|lrc|microdvd|mpl2|mpsub|pjs|realtext|sami|srt|stl|subviewer1?|webvtt|vplayer)$/;
const REFUSED = /^\[(\S+) @ [^\]]*\] Format not on whitelist/m;

/**
 * What kind of file ffprobe could not read, in words that follow its name; undefined if unknown.
 * @param head its first bytes, 64 of them
 * @param complaints what ffprobe wrote
 */
export function kindOfNoVideo(head: Buffer, complaints: string): Kind | undefined {
  return kindByHead(head.toString('latin1')) ?? refusedKind(complaints);
}

function kindByHead(head: string): Kind | undefined {
  const byStart = BY_START.find(([starts]) => starts.some(start => head.startsWith(start)))?.[1];
  const byBrand = BY_BRAND.find(([pattern]) => pattern.test(head.slice(4)))?.[1];
  const text = head.replace(BYTE_ORDER_MARK, '').trimStart();
  return byStart ?? byBrand ?? BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
}

function refusedKind(complaints: string): Kind | undefined {
  if (!/whitelist/i.test(complaints)) return undefined;
  const format = REFUSED.exec(complaints)?.[1] ?? 'concat'; // Otherwise it is an address in a rejected script.
  if (PLAYLISTS.test(format)) {
    return {
      is: 'is a playlist or script that points to other files, not a video',
      remedy: 'Give the video files themselves.',
    };
  }
  if (SUBTITLES.test(format)) return { is: 'contains subtitles or text, but no video', remedy: NAME_VIDEO };
  return { is: `is not a supported video (ffmpeg detects ${printable(format)})`, remedy: CHECK };
}
