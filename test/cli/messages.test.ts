import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAST, makeClips } from '../support/batch-runs.js';
import { IS_FULL } from '../support/full-tests.js';
import '../support/one-worker.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (path: string) => join(folder, path);
const WAVE = join(SAMPLES, 'wave.mp4');
const table = at('wave.csv');
const out = at('out');

/** What a command is called with, and what it shows even with `--quiet`, since that is what was asked for. */
let demos = 0;
const CALLS: readonly (readonly [name: string, args: () => readonly string[], asked?: RegExp])[] = [
  ['analyze', () => ['analyze', WAVE, '-o', at('one'), '--force', '--max-frames', '4', ...FAST]],
  ['analyze', () => ['analyze', at('clips'), '-o', at('many'), '--force', ...FAST]],
  ['analyze', () => ['analyze', WAVE, '--csv', '-', '--max-frames', '2', ...FAST], /^frame_id,/],
  ['analyze', () => ['analyze', at('clips'), '-o', at('many'), '--dry-run', ...FAST], /^skip/],
  ['analyze', () => [WAVE, '-o', at('one'), '--force', '--max-frames', '4', ...FAST]],
  ['compare', () => ['compare', table, table]],
  ['compare', () => ['compare', table, table, '--json'], /^\{/],
  ['filter', () => ['filter', table]],
  ['filter', () => ['filter', table, '-o', '-'], /^frame_id,/],
  ['report', () => ['report', out]],
  ['render', () => ['render', table, WAVE, '--any-video']],
  ['export', () => ['export', table, '--format', 'trc,xlsx']],
  ['angles', () => ['angles', table]],
  ['plots', () => ['plots', table]],
  ['quality', () => ['quality', table], /^\{/],
  ['cycles', () => ['cycles', at('squat.csv')]],
  ['cycles', () => ['cycles', at('squat.csv'), '--json'], /^\{/],
  ['measure', () => ['measure', table, '--scale', '200']],
  ['jobs', () => ['jobs', '-o', out], /^ +id +state/],
  ['jobs', () => ['jobs', 'list', '-o', out], /^ +id +state/],
  ['jobs', () => ['jobs', 'show', '1', '-o', out], /^video /],
  ['jobs', () => ['jobs', 'retry', '-o', out]],
  ['jobs', () => ['jobs', 'clean', '-o', out]],
  ['jobs', () => ['jobs', 'rebuild', '-o', out]],
  ['plan', () => ['plan', at('clips'), '-o', at('planned'), '--parts', '2']],
  ['demo', () => ['demo', '-o', at(`demo-${demos++}`)]],
  ['doctor', () => ['doctor', '-o', out]],
  ['help', () => ['help', 'pipes'], /Pipes/],
];
/** In `npm test`, one call of each command, but for these, which analyse a whole clip. */
const LONG = ['demo', 'doctor'];
const isFirst = (call: number) => CALLS.findIndex(([other]) => other === CALLS[call]?.[0]) === call;
const isQuick = (call: number, name: string) => IS_FULL || (isFirst(call) && !LONG.includes(name));
/** They write what the shell reads. */
const FOR_SHELLS = ['completion', 'complete'];
/** They need a Redis server: `queue.test.ts` calls them. */
const FOR_QUEUES = ['submit', 'work'];

beforeAll(async () => {
  await makeClips(folder, 'clips', 2);
  await mkdir(out);
  await runCli(['analyze', WAVE, join(SAMPLES, 'squat.mp4'), '-o', out, '--max-frames', '8', ...FAST]);
  await copyFile(join(SAMPLES, 'golden', 'wave.csv'), table);
  await runCli(['analyze', join(SAMPLES, 'squat.mp4'), '--csv', at('squat.csv'), ...FAST]);
  await runCli(['analyze', at('clips'), '-o', at('many'), ...FAST]);
});

test('every command is called here', async () => {
  const { stdout } = await runCli(['--help']);
  const list = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('Examples:'));
  const commands = [...list.matchAll(/^ {2}([a-z]+)(?= )/gm)].map(match => match[1]);
  expect(commands).toContain('measure');
  const called = CALLS.map(([name]) => name);
  expect(commands.filter(name => !called.includes(name!) && ![...FOR_SHELLS, ...FOR_QUEUES].includes(name!))).toEqual(
    [],
  );
});

describe.each(
  CALLS.map(
    ([name, args, asked], i) =>
      [
        args().slice(0, 4).join(' ').replaceAll(folder, ''),
        args,
        asked,
        isQuick(i, name) || (asked !== undefined && !LONG.includes(name)),
        isQuick(i, name),
      ] as const,
  ),
)('%s', (_, args, asked, hasQuiet, hasJson) => {
  test.runIf(hasQuiet)('is silent with --quiet, but for what was asked for', async () => {
    const { code, stdout, stderr } = await runCli([...args(), '-q']);
    expect([code, stderr]).toEqual([0, '']);
    if (asked === undefined) expect(stdout).toBe('');
    else expect(stdout).toMatch(asked);
  });

  test.runIf(hasJson)('writes JSON lines to stderr with --log-json', async () => {
    const result = await runCli([...args(), '--log-json', '--log-level', 'debug']);
    expect(result.code, result.stderr).toBe(0);
    for (const line of result.stderr.split('\n').filter(text => text !== '')) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), message: expect.any(String) });
    }
  });
});

describe('options of all commands', () => {
  test.each([
    [['-q', 'quality', table]],
    [['--color', 'always', 'quality', table]],
    [['--color=always', '--log-level', 'debug', 'quality', table]],
  ])('may stand before the command: %j', async args => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 60 });
  });

  test('-q before a video is that of analyze', async () => {
    const { code, stdout, stderr } = await runCli(['-q', WAVE, '-o', at('before'), '--max-frames', '2', ...FAST]);
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    expect((await readFile(at('before/wave.csv'), 'utf8')).startsWith('frame_id')).toBe(true);
  });

  test('with --quiet compare still shows what differs', async () => {
    const other = at('other.csv');
    await copyFile(join(SAMPLES, 'golden', 'sit.csv'), other);
    const { code, stdout } = await runCli(['compare', table, other, '-q']);
    expect([code, stdout.length > 0]).toEqual([4, true]);
  });
});
