import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const out = join(folder, 'out');
const list = join(folder, 'list.txt');
const file = join(folder, 'file');
await writeFile(list, 'gs://videos/clips/wave.mp4\n');
await writeFile(file, '');
const QUEUE = ['--queue', 'redis://127.0.0.1:1/0'];
const OTHER_STORE = /gs:\/\/videos\S*: only addresses that begin with s3:\/\/ can be read or written/;
const NO_ADDRESS = /s3:\/videos\/clips: is neither a path nor the address of a bucket\. Write s3:\/\/BUCKET/;

describe('addresses that are not of a bucket', () => {
  test.each<[string, string[], RegExp]>([
    ['a missing slash', ['analyze', 's3:/videos/clips', '-o', out], NO_ADDRESS],
    ['another store', ['analyze', 'gs://videos/clips', '-o', out], OTHER_STORE],
    ['another store in a list', ['analyze', '--from-file', list, '-o', out], OTHER_STORE],
    [
      'another store for results',
      ['analyze', 'wave.mp4', '-o', 'gs://videos/results'],
      /--out must be .*s3:\/\/BUCKET/,
    ],
    ['a URL beside a bucket', ['analyze', 'https://host/a.mp4', '-o', 's3://lab/out'], /is a URL, not a file/],
    ['a plan of another store', ['plan', 'gs://videos/clips', '-o', out, '--parts', '2'], OTHER_STORE],
    ['a submission with a missing slash', ['submit', 's3:/videos/clips', '-o', out, ...QUEUE], NO_ADDRESS],
    ['a report', ['report', 's3://lab/out'], /Copy the results first, e\.g\. aws s3 cp --recursive s3:\/\/lab\/out/],
  ])('%s: a usage error before anything is written', async (_, args, expected) => {
    const { code, stderr } = await runCli(args, { cwd: folder });
    expect([code, stderr]).toEqual([2, expect.stringMatching(expected)]);
    expect((await readdir(folder)).filter(name => /s3:|gs:/.test(name))).toEqual([]);
    expect(existsSync(join(out, 'clips.failed.json'))).toBe(false);
  });
});

describe('a scratch folder that cannot be made', () => {
  test.each([
    ['a file', file, /is a file, but a folder is needed/],
    ['below a file', join(file, 'below'), /is a file, but a folder is needed/],
    ['in /proc', '/proc/nothere', /\/proc\/nothere: cannot be written/],
  ])(
    '%s: one error at the start',
    async (_, scratch, expected) => {
      if (scratch.startsWith('/proc') && process.platform !== 'linux') return;
      const args = ['analyze', 's3://lab/a.mp4', 's3://lab/b.mp4', '-o', out, '--scratch', scratch];
      const { code, stderr } = await runCli(args, { cwd: folder });
      expect([code, stderr]).toEqual([1, expect.stringMatching(expected)]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    },
    20_000,
  );
});
