import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { isOptional, packageCopy } from '../support/bare-package.js';
import { firstOf } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const PRELOAD = new URL('../support/log-modules.mjs', import.meta.url).href;
const CLIPS = ['wave.mp4', 'small.mp4'].map(name => join(SAMPLES, name));
const FAST = ['-q', '--mode', 'fast', '--max-frames', '5'];
/** Copies of the package: with what only buckets and queues need, and without. */
const PLACES = { full: at('full'), bare: at('bare') } as const;
let runs = 0;

/** The modules of a run, in all its threads and processes, with the place of the package replaced. */
async function modulesOf(kind: keyof typeof PLACES, args: readonly string[]): Promise<string[]> {
  const log = at(`modules-${runs++}`);
  const bin = join(PLACES[kind], 'bin/bodyscript.js');
  const env = { ...process.env, BODYSCRIPT_TEST_MODULES: log };
  await run(process.execPath, ['--import', PRELOAD, bin, ...args], { env });
  const place = pathToFileURL(PLACES[kind]).href;
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  return [...new Set(lines.map(line => line.replace(place, 'file://PACKAGE')))].sort();
}

describe('without a bucket or a queue', () => {
  beforeAll(async () => {
    await packageCopy(PLACES.full, false);
    await packageCopy(PLACES.bare, true);
  });

  const commands: [what: string, args: string[]][] = [
    ['one video', ['analyze', CLIPS[0]!, ...FAST]],
    ['a plan', ['plan', ...CLIPS, '--parts', '2', '-q']],
    ['several videos', ['analyze', ...CLIPS, ...FAST, '--jobs', '1']],
    ['the list of several videos', ['jobs']],
  ];
  test.each(firstOf(commands, 2))(
    '%s: the same modules are loaded as if the packages for them were absent',
    async (what, args) => {
      const name = what.split(' ').slice(-2).join('-');
      const full = await modulesOf('full', [...args, '-o', at(`${name}-full`)]);
      const bare = await modulesOf('bare', [...args, '-o', at(`${name}-bare`)]);
      expect(full).toEqual(bare);
      expect(full.filter(isOptional)).toEqual([]);
      expect(full.length).toBeGreaterThan(20);
    },
  );

  test('a queue loads them where they are, and says how to install them where they are not', async () => {
    const asked = ['jobs', '--queue', 'redis://127.0.0.1:1/0'];
    const log = at('modules-of-a-queue');
    const env = { ...process.env, BODYSCRIPT_TEST_MODULES: log };
    const failed = async (kind: keyof typeof PLACES) =>
      run(process.execPath, ['--import', PRELOAD, join(PLACES[kind], 'bin/bodyscript.js'), ...asked], { env }).then(
        () => '',
        ({ stderr }: { stderr: string }) => stderr,
      );
    expect(await failed('bare')).toContain('npm install bullmq ioredis');
    expect((await readFile(log, 'utf8')).split('\n').filter(isOptional)).toEqual([]);
    expect(await failed('full')).toContain('nothing listens there');
    expect((await readFile(log, 'utf8')).split('\n').filter(isOptional).length).toBeGreaterThan(10);
  });
});
