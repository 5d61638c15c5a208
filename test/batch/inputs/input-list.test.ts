import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readInputList } from '../../../src/batch/inputs/input-list.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const list = join(folder, 'list.txt');

async function read(content: Buffer | string, nullSeparated = false): Promise<string[]> {
  await writeFile(list, content);
  const paths: string[] = [];
  for await (const path of readInputList(list, nullSeparated)) paths.push(path);
  return paths;
}

const PATHS = ['D:\\clips\\walk.mp4', 'D:\\clips\\Fu\u00dfball 1.mp4', 'D:\\clips\\\u6b69\u304f\ud83d\udeb6.mp4'];

describe('a list of videos', () => {
  test.each([
    ['UTF-8 with line ends of Unix', `${PATHS.join('\n')}\n`],
    ['UTF-8 with its mark, empty lines and line ends of Windows', `\ufeff\r\n${PATHS.join('\r\n\r\n')}\r\n`],
    ['UTF-16, as > of PowerShell 5.1 writes it', Buffer.from(`\ufeff${PATHS.join('\r\n')}\r\n`, 'utf16le')],
    ['UTF-16 without a line end at its end', Buffer.from(`\ufeff${PATHS.join('\r\n')}`, 'utf16le')],
  ])('is read as %s', async (_, content) => {
    expect(await read(content)).toEqual(PATHS);
  });

  test('that is longer than one piece of a file is read the same', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `D:\\\u00dcbung\\${i}\ud83d\udeb6.mp4`);
    expect(await read(Buffer.from(`\ufeff${many.join('\r\n')}`, 'utf16le'))).toEqual(many);
    expect(await read(many.join('\n'))).toEqual(many);
  });

  test('ended by NUL keeps line ends in names', async () => {
    expect(await read('a\nb.mp4\0c.mp4\0', true)).toEqual(['a\nb.mp4', 'c.mp4']);
  });

  test.each(['', 'a', '\n'])('of next to nothing is no failure: %j', async content => {
    expect(await read(content)).toEqual(content.trim() === '' ? [] : [content]);
  });

  test.each([
    ['UTF-16 without its mark', Buffer.from('a.mp4\r\n', 'utf16le')],
    ['what find -print0 writes', Buffer.from('a.mp4\0b.mp4\0')],
  ])('refuses %s, with the reason', async (_, content) => {
    await expect(read(content)).rejects.toThrow(/contains NUL characters/);
  });
});
