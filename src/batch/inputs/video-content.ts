/**
 * The verdict from a file's first bytes. `unknown`: neither text nor the beginning of a known video format; a damaged
 * video may be this.
 */
export type Content = 'video' | 'text' | 'empty' | 'unknown';

/**
 * Bytes to check at a file's beginning: enough for packets of MPEG-TS after a torn one, and for the header of a raw
 * stream.
 */
export const CONTENT_BYTES = 8192;

/**
 * Packet sizes: plain, with a preceding time stamp of four bytes (Blu-ray, AVCHD), with error correction at the end.
 */
const TS_PACKETS: readonly number[] = [188, 192, 204];
const TS_SYNC = 0x47;
/** This many consecutive packets that begin with the sync byte are not chance: one in four billion. */
const TS_IN_A_ROW = 4;

/** First bytes, as Latin-1, of file formats that hold a video and nothing else. */
const BEGINNINGS: readonly string[] = [
  'DKIF', // IVF
  'YUV4MPEG2 ',
  'nut/multimedia container\0',
  '.RMF\0\0\0',
  '\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c', // ASF
  '\xb7\xd8\0\x20\x37\x49\xda\x11\xa6\x4e\0\x07\xe9\x5e\xad\x8d', // WTV
  '\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02', // MXF
  '\0\0\x01\xba', // MPEG-PS: DVD, camcorders' .mod
  '\0\0\x01\xb3', // MPEG-1 and MPEG-2 video
  '\0\0\x01\xb0', // MPEG-4 Part 2 video
  '\x1f\x07\0\x3f', // DV, NTSC
  '\x1f\x07\0\xbf', // DV, PAL
];

/** Brands of ISO files that are pictures or audio. */
const OTHER_BRANDS: ReadonlySet<string> = new Set([
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'mif1',
  'msf1',
  'avif',
  'avis',
  'crx ',
  'jpx ',
  'M4A ',
  'M4B ',
  'M4P ',
  'aax ',
]);

/** Classifies a file. @param head its first `CONTENT_BYTES`, or all of them if there are fewer */
export function contentOf(head: Buffer): Content {
  if (head.length === 0) return 'empty';
  if (isText(head)) return 'text';
  const start = head.toString('latin1', 0, 64);
  const isVideo =
    BEGINNINGS.some(beginning => start.startsWith(beginning)) ||
    isIso(start) ||
    isMatroska(start) ||
    isRiff(start) ||
    isFlv(head) ||
    isOggVideo(head) ||
    isAnnexB(head) ||
    isTransportStream(head);
  return isVideo ? 'video' : 'unknown';
}

/** MP4, QuickTime and related formats, including QuickTime from before `ftyp`. */
function isIso(start: string): boolean {
  const box = start.slice(4, 8);
  if (box === 'ftyp') return !OTHER_BRANDS.has(start.slice(8, 12));
  return (box === 'moov' || box === 'mdat' || box === 'wide') && start.length >= 16;
}

function isMatroska(start: string): boolean {
  return start.startsWith('\x1a\x45\xdf\xa3') && /webm|matroska/.test(start);
}

function isRiff(start: string): boolean {
  return start.startsWith('RIFF') && /^(AVI |AVIX|AMV )/.test(start.slice(8));
}

/** The fifth byte shows whether there is a video stream. */
function isFlv(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'FLV\x01' && ((head[4] ?? 0) & 1) === 1;
}

/** The first packets name the codecs: audio is excluded. */
function isOggVideo(head: Buffer): boolean {
  const text = head.toString('latin1', 0, 1024);
  return (
    text.startsWith('OggS\0') && ['\x80theora', 'BBCD\0', 'OVP80', '\x01video\0'].some(mark => text.includes(mark))
  );
}

/** Raw H.264 or H.265: start codes, followed by the units that a decoder needs first. */
function isAnnexB(head: Buffer): boolean {
  const units: number[] = [];
  const text = head.toString('latin1');
  if (!text.startsWith('\0\0\x01') && !text.startsWith('\0\0\0\x01')) return false;
  for (let at = text.indexOf('\0\0\x01'); at >= 0 && units.length < 4; at = text.indexOf('\0\0\x01', at + 3)) {
    const byte = head[at + 3];
    if (byte !== undefined) units.push(byte);
  }
  const avc = units.map(byte => (byte & 0x80 ? -1 : byte & 0x1f));
  const hevc = units.map(byte => (byte & 0x81 ? -1 : byte >> 1));
  const H264 = { sequence: 7, picture: 8 };
  const H265 = { video: 32, sequence: 33 };
  return (
    (avc.includes(H264.sequence) && avc.includes(H264.picture)) ||
    (hevc.includes(H265.video) && hevc.includes(H265.sequence))
  );
}

/** A cut recording begins within a packet. */
function isTransportStream(head: Buffer): boolean {
  for (const size of TS_PACKETS) {
    const last = Math.min(size, head.length - size * (TS_IN_A_ROW - 1));
    for (let first = 0; first < last; first++) if (hasPackets(head, first, size)) return true;
  }
  return false;
}

function hasPackets(head: Buffer, first: number, size: number): boolean {
  for (let at = first; at < head.length; at += size) if (head[at] !== TS_SYNC) return false;
  return true;
}

/** Control characters of text: tab, line breaks, form feed, escape. */
const IN_TEXT: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);

/** Text in any encoding that includes ASCII, and UTF-16 with its mark. */
function isText(head: Buffer): boolean {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) return true;
  return head.every(byte => byte >= 0x20 || IN_TEXT.has(byte));
}
