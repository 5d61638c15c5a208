import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fromSystemError, toPlainError } from '../../src/errors.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];
const clip = await makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=0.2'], at('walk.mp4'));

async function copyOf(path: string, name: string): Promise<string> {
  await copyFile(path, at(name));
  return at(name);
}

interface Video {
  readonly outcome: string;
  readonly error: { readonly code: string } | null;
}

describe.runIf(process.platform !== 'win32')('system errors', () => {
  test('links in a circle, and names that are too long, are reported with their path and a remedy', async () => {
    await symlink('loop.mp4', at('loop.mp4'));
    for (const [name, reason] of [
      ['loop.mp4', 'its symbolic links form a loop'],
      [`${'n'.repeat(300)}.mp4`, 'the name is too long'],
    ] as const) {
      const { code, stderr } = await runCli(['analyze', at(name), '-o', at('out'), ...FAST]);
      expect(stderr).toContain(`${at(name)}: ${reason}. `);
      expect(stderr).not.toContain('This is a bug');
      expect(code).toBe(1);
    }
  });

  test('a linked video in a circle fails alone in a folder of others', async () => {
    await mkdir(at('clips'));
    await symlink(clip, at('clips/walk.mp4'));
    await symlink('loop.mp4', at('clips/loop.mp4'));
    const { code } = await runCli(['analyze', at('clips'), '--follow', '-o', at('several'), ...FAST]);
    const { videos } = JSON.parse(await readFile(at('several/batch.json'), 'utf8'));
    expect(videos).toMatchObject([
      { name: 'loop', outcome: 'failed', error: { code: expect.stringMatching(/^(FILE_UNUSABLE|INPUT_MISSING)$/) } },
      { name: 'walk', outcome: 'done' },
    ]);
    expect(code).toBe(3);
  });

  test('one of several arguments that cannot be opened fails alone', async () => {
    await symlink('circle.mp4', at('circle.mp4'));
    const bad = [at('circle.mp4'), `${clip}/inside.mp4`, at(`${'n'.repeat(300)}.mp4`)];
    const { code } = await runCli(['analyze', ...bad, clip, '-o', at('arguments'), ...FAST]);
    const { videos } = JSON.parse(await readFile(at('arguments/batch.json'), 'utf8'));
    expect(videos.map(({ outcome, error }: Video) => error?.code ?? outcome)).toEqual([
      'FILE_UNUSABLE',
      'INPUT_MISSING',
      'FILE_UNUSABLE',
      'done',
    ]);
    expect(code).toBe(3);
  });

  test('a removed working folder is named as such', () => {
    const gone = at('gone');
    const program = 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"';
    const run = [process.execPath, BIN, 'analyze', clip, '-o', at('from-gone'), ...FAST];
    const { status, stderr } = spawnSync('sh', ['-c', program, gone, ...run], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: the current folder: no such file or folder\./),
    ]);
  });

  test('40 descriptors are too few: the remedy says how many are enough', () => {
    const run = (limit: number) =>
      spawnSync(
        'sh',
        ['-c', `ulimit -n ${limit}; exec "$@"`, 'sh', process.execPath, BIN, 'analyze', clip, '-o', at('few'), ...FAST],
        { encoding: 'utf8' },
      );
    const few = run(40);
    expect(few.stderr).toMatch(/: too many open files\. Raise the limit \(ulimit -n 1024\)/);
    expect(few.stderr).not.toContain('This is a bug');
    expect(few.status).toBe(1);
    expect(run(1024).status).toBe(0);
  });

  test('too few to load the processes of several videos are reported with the remedy', async () => {
    const hook = at('few.mjs');
    await writeFile(
      hook,
      "if (process.argv[1]?.includes('worker-main')) throw new Error('EMFILE: too many open files, open x.js');",
    );
    const node = ['--import', pathToFileURL(hook).href];
    const two = [clip, await copyOf(clip, 'other.mp4')];
    const { code, stderr } = await runCli(['analyze', ...two, '--jobs', '2', '-o', at('many'), ...FAST], { node });
    expect(stderr).toMatch(/too many open files.*Raise the limit \(ulimit -n 1024\)/);
    expect(stderr).not.toContain('WORKER_DIED');
    expect(code).toBe(1);
  });

  test("too few to read the program's own files are reported in one line, too", () => {
    const run = (...flags: string[]) =>
      spawnSync('sh', ['-c', 'ulimit -n 22; exec "$@"', 'sh', process.execPath, BIN, 'filter', 'a.csv', ...flags], {
        encoding: 'utf8',
      });
    const { status, stderr } = run();
    expect(stderr).toMatch(/^error: .*too many open files\. Allow more of them \(ulimit -n 1024\).*\n$/);
    expect(status).toBe(1);
    expect(JSON.parse(run('--log-json').stderr)).toMatchObject({ level: 'error', code: 'TOO_MANY_OPEN_FILES' });
  });
});

describe('an error of the system', () => {
  test.each<readonly [string, string]>([
    ['EMFILE', 'TOO_MANY_OPEN_FILES'],
    ['ENFILE', 'TOO_MANY_OPEN_FILES'],
    ['ENOSPC', 'OUTPUT_DISK_FULL'],
    ['ENOMEM', 'NOT_ENOUGH_MEMORY'],
    ...[
      'ELOOP',
      'ENAMETOOLONG',
      'EIO',
      'ESTALE',
      'EROFS',
      'EPERM',
      'EACCES',
      'ENOENT',
      'ENOTDIR',
      'EISDIR',
      'EBUSY',
    ].map(errno => [errno, 'FILE_UNUSABLE'] as const),
  ])('%s has the code %s, the path and a remedy, also when a worker meets it', (errno, code) => {
    const cause = Object.assign(new Error(`${errno}: what Node says`), { code: errno, path: '/a/file' });
    expect(toPlainError(cause)).toMatchObject({
      code,
      message: expect.stringMatching(/^\/a\/file: [a-z]/),
      remedy: expect.stringMatching(/\.$/),
    });
  });

  test('anything else stays a defect', () => {
    for (const cause of [new TypeError('x'), Object.assign(new Error('x'), { code: 'EINVAL' }), 'text', undefined]) {
      expect(fromSystemError(cause)).toBeUndefined();
    }
  });
});
