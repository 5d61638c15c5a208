import { describe, expect, test } from 'vitest';
import { type ByteSpan, mp4Index } from '../../src/formats/mp4-index.js';

/** A box with nothing in it. @param size as its head says */
function box(type: string, bytes: number, size = bytes): Buffer {
  const one = Buffer.alloc(bytes);
  one.writeUInt32BE(size, 0);
  one.write(type, 4, 'latin1');
  return one;
}

/** A box whose head says its size in 64 bits. */
function longBox(type: string, bytes: number, size = BigInt(bytes)): Buffer {
  const one = box(type, bytes, 1);
  one.writeBigUInt64BE(size, 8);
  return one;
}

async function indexOf(boxes: readonly Buffer[], bytes?: number) {
  const file = Buffer.concat(boxes);
  let reads = 0;
  const read = async ({ from, to }: ByteSpan) => {
    reads++;
    return file.subarray(from, to);
  };
  return { index: await mp4Index(read, bytes ?? file.length), reads };
}

const FTYP = box('ftyp', 32);
const MOOV = box('moov', 100);

describe('the index of an MP4', () => {
  test.each<[string, Buffer[], ByteSpan]>([
    ['before its pictures', [FTYP, MOOV, box('mdat', 500)], { from: 32, to: 132 }],
    ['after them', [FTYP, box('free', 8), box('mdat', 500), MOOV], { from: 540, to: 640 }],
    ['after 64-bit pictures', [FTYP, longBox('mdat', 500), MOOV, box('udta', 20)], { from: 532, to: 632 }],
    ['before pictures to the end of the file', [FTYP, MOOV, box('mdat', 500, 0)], { from: 32, to: 132 }],
    ['of an old QuickTime file', [box('wide', 8), box('mdat', 50), MOOV], { from: 58, to: 158 }],
  ])('is found %s, with a read for each box', async (_, boxes, index) => {
    expect(await indexOf(boxes)).toEqual({ index, reads: boxes.length });
  });

  test.each<[string, Buffer[], number?]>([
    ['is spread over the file', [FTYP, MOOV, box('moof', 50), box('mdat', 50)]],
    ['is there twice', [FTYP, MOOV, MOOV]],
    ['is missing', [FTYP, box('mdat', 500)]],
    ['is cut off', [FTYP, box('mdat', 50), MOOV.subarray(0, 60)]],
    ['is larger than that of any video', [FTYP, box('moov', 100, 2 ** 31), box('mdat', 50)], 2 ** 32],
    ['follows a box that is too small', [FTYP, box('free', 8, 4), MOOV]],
    ['follows a box beyond the end', [FTYP, longBox('mdat', 50, 2n ** 63n), MOOV]],
    ['follows a box that has no end', [FTYP, longBox('mdat', 50, 8n), MOOV]],
    ['follows more boxes than any camera writes', [FTYP, ...Array.from({ length: 99 }, () => box('free', 8)), MOOV]],
    ['is in another kind of file', [Buffer.from('\x1aE\xdf\xa3 matroska, whose bytes are no boxes')]],
    ['ends in the head of a box', [FTYP, MOOV, Buffer.alloc(5)]],
    ['is in an empty file', []],
  ])('is not used where it %s', async (_, boxes, bytes) => {
    const { index, reads } = await indexOf(boxes, bytes);
    expect(index).toBeUndefined();
    expect(reads).toBeLessThanOrEqual(64);
  });
});
