import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { BoxSplitter, FragmentFile } from '../../src/encode/fragment-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

function box(type: string, content = ''): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, Buffer.from(content)]);
}

function longBox(type: string, content: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1);
  head.write(type, 4, 'latin1');
  head.writeBigUInt64BE(BigInt(16 + content.length), 8);
  return Buffer.concat([head, Buffer.from(content)]);
}

/** An encoder's file with a number of frames. */
function encoded(name: string, frames: number): Buffer {
  const fragments = Array.from({ length: frames }, (_, i) => [
    box('moof', `${name}${i}`),
    box('mdat', `picture ${name}${i}`),
  ]).flat();
  return Buffer.concat([box('ftyp', 'iso5'), box('moov', 'tracks'), ...fragments, box('mfra', 'index')]);
}

const inPieces = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
  );

describe('the boxes of an MP4 stream', () => {
  test.each([1, 3, 7, 16, 1000])('are whole however the bytes arrive: %i at a time', size => {
    const boxes = [box('ftyp', 'x'), longBox('mdat', 'a long one'), box('free'), box('moof', 'yy')];
    const splitter = new BoxSplitter();
    const all = Buffer.concat(boxes);
    const found: Buffer[] = [];
    for (let i = 0; i < all.length; i += size) {
      for (const { box: whole } of splitter.split(all.subarray(i, i + size))) found.push(Buffer.from(whole));
    }
    expect(found.map(String)).toEqual(boxes.map(String));
  });
});

describe('a file of fragments', () => {
  test('holds the header and whole frames, and can be continued after any of them', async () => {
    const path = join(folder, 'overlay.mp4');
    const first = await FragmentFile.open(path);
    await first.take(inPieces(encoded('a', 3), 5));
    expect(first.state.frames).toBe(3);
    await first.close();
    const head = box('ftyp', 'iso5').length + box('moov', 'tracks').length;
    const fragment = box('moof', 'a0').length + box('mdat', 'picture a0').length;
    const second = await FragmentFile.open(path, { bytes: head + 2 * fragment, frames: 2 });
    await second.take(inPieces(encoded('b', 2), 9));
    expect(second.state.frames).toBe(4);
    await second.close();
    const text = (await readFile(`${path}.partial`)).toString('latin1');
    expect(text.match(/picture \w+/g)).toEqual(['picture a0', 'picture a1', 'picture b0', 'picture b1']);
    expect(text.match(/moov/g)).toHaveLength(1);
    expect(text).not.toContain('mfra');
  });

  test('half a frame at the end of the stream is not written', async () => {
    const file = await FragmentFile.open(join(folder, 'cut.mp4'));
    const bytes = encoded('c', 2);
    await file.take(inPieces(bytes.subarray(0, bytes.indexOf('picture c1') + 4), 100));
    expect(file.state.frames).toBe(1);
    await file.close();
    expect((await readFile(join(folder, 'cut.mp4.partial'))).length).toBe(file.state.bytes);
  });
});
