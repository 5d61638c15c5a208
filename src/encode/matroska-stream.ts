/**
 * Raw frames with exact times in a pipe: just enough of Matroska (RFC 9559, in EBML, RFC 8794) for ffmpeg to read. Raw
 * video alone has no times, and ffmpeg would invent them from a frame rate.
 */

import type { YuvImage, YuvMatrix } from '../model/picture.js';

/** Element ids of RFC 9559. */
const ID = {
  ebml: 0x1a45dfa3,
  ebmlVersion: 0x4286,
  ebmlReadVersion: 0x42f7,
  ebmlMaxIdLength: 0x42f2,
  ebmlMaxSizeLength: 0x42f3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  flagLacing: 0x9c,
  codecId: 0x86,
  defaultDuration: 0x23e383,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  uncompressedFourcc: 0x2eb524,
  colour: 0x55b0,
  matrixCoefficients: 0x55b1,
  range: 0x55b9,
  transfer: 0x55ba,
  primaries: 0x55bb,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
const VIDEO_TRACK = 1;
const KEY_FRAME = 0x80;
export const NANOSECONDS = 1_000_000_000;

function idBytes(id: number): Buffer {
  const hex = id.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

/** A size as an 8-byte EBML number. */
function sizeBytes(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size) | (1n << 56n));
  return bytes;
}

function uint(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function element(id: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([idBytes(id), sizeBytes(body.length), body]);
}

/** Numbers of ITU-T H.273 for matrix, transfer and primaries alike: those of BT.709 and of SMPTE 170M. */
const COLOUR_CODES: Readonly<Record<YuvMatrix, number>> = { bt709: 1, bt601: 6 };
const LIMITED_RANGE = 1;

function colourElement(matrix: YuvMatrix): Buffer {
  const code = uint(COLOUR_CODES[matrix]);
  return element(
    ID.colour,
    element(ID.matrixCoefficients, code),
    element(ID.range, uint(LIMITED_RANGE)),
    element(ID.transfer, code),
    element(ID.primaries, code),
  );
}

/** The start of the stream. @param frameSeconds usual time between frames; only a hint for the encoder */
export function streamHead(
  { width, height, matrix }: Pick<YuvImage, 'width' | 'height' | 'matrix'>,
  frameSeconds: number | undefined,
): Buffer {
  const hint = frameSeconds ? [element(ID.defaultDuration, uint(Math.round(frameSeconds * NANOSECONDS)))] : [];
  return Buffer.concat([
    element(
      ID.ebml,
      element(ID.ebmlVersion, uint(1)),
      element(ID.ebmlReadVersion, uint(1)),
      element(ID.ebmlMaxIdLength, uint(4)),
      element(ID.ebmlMaxSizeLength, uint(8)),
      element(ID.docType, Buffer.from('matroska')),
      element(ID.docTypeVersion, uint(4)),
      element(ID.docTypeReadVersion, uint(2)),
    ),
    idBytes(ID.segment),
    UNKNOWN_SIZE,
    element(
      ID.info,
      element(ID.timestampScale, uint(1)),
      element(ID.muxingApp, Buffer.from('bodyscript')),
      element(ID.writingApp, Buffer.from('bodyscript')),
    ),
    element(
      ID.tracks,
      element(
        ID.trackEntry,
        element(ID.trackNumber, uint(VIDEO_TRACK)),
        element(ID.trackUid, uint(1)),
        element(ID.trackType, uint(1)),
        element(ID.flagLacing, uint(0)),
        element(ID.codecId, Buffer.from('V_UNCOMPRESSED')),
        ...hint,
        element(
          ID.video,
          element(ID.pixelWidth, uint(width)),
          element(ID.pixelHeight, uint(height)),
          element(ID.uncompressedFourcc, Buffer.from('I420')),
          colourElement(matrix),
        ),
      ),
    ),
  ]);
}

/** The header of a frame's pixels. @param nanoseconds presentation time, not negative */
export function frameHead(nanoseconds: bigint, pixelBytes: number): Buffer {
  const timestamp = element(ID.timestamp, uint(nanoseconds));
  // Track number as an EBML number, time relative to the cluster, flags.
  const block = Buffer.from([0x80 | VIDEO_TRACK, 0, 0, KEY_FRAME]);
  const blockHead = Buffer.concat([idBytes(ID.simpleBlock), sizeBytes(block.length + pixelBytes), block]);
  const clusterSize = timestamp.length + blockHead.length + pixelBytes;
  return Buffer.concat([idBytes(ID.cluster), sizeBytes(clusterSize), timestamp, blockHead]);
}
