import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { CSV_COLUMNS } from '../../src/formats/csv-writer.js';
import { MODE_NAMES, MODES, type ModeName } from '../../src/strategies/modes.js';
import { listFrames, makeWithFfmpeg } from '../support/ffmpeg.js';
import { fullTest, inTurn } from '../support/full-tests.js';
import { workingOn } from '../support/processes.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Only judged frames can be explained. */
const explained = (mode: ModeName) => (MODES[mode].retries === 'none' ? [] : ['--explain']);
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const WAVE = join(SAMPLES, 'wave.mp4');
/** What flows through pipes is the same for each network. */
process.env.BODYSCRIPT_MODEL = 'lite';
const HEADER = CSV_COLUMNS.join(',');
const FRAMES = 8;
const hasMiller = (() => {
  try {
    execFileSync('mlr', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let table = '';

/** Lines that a table does not contain. */
function strangeLines(stdout: string): string[] {
  return stdout.split('\n').filter((line, index, all) => {
    if (index === 0) return line !== HEADER && stdout !== '';
    if (index === all.length - 1) return line !== '';
    return !/^\d+,\d+\.\d{6},\d*,\d+,[a-z_]+,/.test(line) || line.split(',').length !== CSV_COLUMNS.length;
  });
}

beforeAll(async () => {
  await makeWithFfmpeg(['-i', WAVE, '-frames:v', String(FRAMES), '-c:v', 'libx264'], at('clip.mkv'));
  await runCli(['analyze', at('clip.mkv'), '-o', at('out'), '--no-overlay', '--look-ahead', '0', '-q']);
  table = await readFile(join(at('out'), 'clip.csv'), 'utf8');
});

describe('pipes', () => {
  test('a video from stdin gives the same table, on stdout alone', async () => {
    const { codes, stdout, stderr } = await runShell('cat clip.mkv | bodyscript analyze - --csv - -q', folder);
    expect(codes).toEqual([0, 0]);
    expect(stdout).toBe(table);
    expect(stderr).toBe('');
    expect(existsSync(at('bodyscript-out'))).toBe(false);
  });

  test('with output files, a video from stdin has a record with the bytes and their hash', async () => {
    const { codes } = await runShell('bodyscript analyze - -o named --name walk --no-overlay -q < clip.mkv', folder);
    expect(codes).toEqual([0]);
    expect(await readFile(at('named/walk.csv'), 'utf8')).toBe(table);
    const record = JSON.parse(await readFile(at('named/walk.run.json'), 'utf8'));
    const bytes = await readFile(at('clip.mkv'));
    expect(record.input).toMatchObject({ path: '-', bytes: bytes.length });
    expect(record).toMatchObject({ options: { analysis: { lookAhead: 0 } }, lookAhead: 0 });
    expect(record.input.sha256).toBe(JSON.parse(await readFile(at('out/clip.run.json'), 'utf8')).input.sha256);
  });

  fullTest('results of an earlier stdin are not replaced by those of the next', async () => {
    const line = 'bodyscript analyze - -o twice --no-overlay --mode track --max-frames 2 -q';
    expect((await runShell(`${line} < clip.mkv`, folder)).codes).toEqual([0]);
    const again = await runShell(`${line} < clip.mkv`, folder);
    expect([again.codes, again.stderr]).toEqual([
      [1],
      expect.stringContaining('--name OTHER, or replace them with --overwrite'),
    ]);
    expect((await runShell(`${line} --overwrite < clip.mkv`, folder)).codes).toEqual([0]);
  });

  test.skipIf(!hasMiller)('ffmpeg | bodyscript | mlr', async () => {
    const line =
      'ffmpeg -v error -i clip.mkv -c copy -f matroska - | bodyscript analyze - --csv - -q | mlr --icsv --ojson count-distinct -f frame_id';
    const { codes, stdout } = await runShell(line, folder);
    expect(codes).toEqual([0, 0, 0]);
    expect(JSON.parse(stdout)).toHaveLength(FRAMES);
  });

  test('ffmpeg | bodyscript | another program', async () => {
    const line =
      'ffmpeg -v error -i clip.mkv -c copy -f mpegts - | bodyscript analyze - --csv - -q | cut -d, -f1 | sort -n | uniq -c | wc -l';
    const { codes, stdout } = await runShell(line, folder);
    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
    expect(Number(stdout)).toBe(FRAMES + 1);
  });

  test('rows arrive while the video still does', async () => {
    await makeWithFfmpeg(['-i', WAVE, '-t', '2', '-c', 'copy'], at('long.mkv'));
    const shell =
      'ffmpeg -v error -re -i long.mkv -c copy -f matroska -flush_packets 1 - | bodyscript analyze - --csv - -q --mode track';
    const { codes, stdout, firstByteAfter = Number.NaN, milliseconds } = await runShell(shell, folder);
    expect(codes).toEqual([0, 0]);
    expect(strangeLines(stdout)).toEqual([]);
    expect(firstByteAfter).toBeLessThan(milliseconds - 100);
  });

  test('| head stops everything, quietly', async () => {
    const input = at('head.mkv');
    await makeWithFfmpeg(['-stream_loop', '20', '-i', WAVE, '-c', 'copy'], input);
    for (const output of ['--csv -', '--ndjson -', '--overlay -']) {
      const { codes, stdout, stderr } = await runShell(`bodyscript analyze head.mkv ${output} | head -c 300`, folder);
      expect({ output, codes, length: stdout.length }).toEqual({ output, codes: [0, 0], length: 300 });
      // Without any ffmpeg but the package's, that is reported each time.
      const said = stderr.split('\n').filter(line => !line.includes('inside the npm package'));
      expect(said.join('\n')).not.toMatch(/error|warning/);
    }
    expect(await workingOn(input)).toEqual([]);
  });

  test('each line of NDJSON follows the schema in the package, with the numbers of the table', async () => {
    const schema = JSON.parse(await readFile(new URL('../../dist/schemas/frame.schema.json', import.meta.url), 'utf8'));
    const check = new Ajv({ strict: true }).compile(schema);
    await makeWithFfmpeg(['-f', 'lavfi', '-i', 'color=gray:s=160x120:d=0.2'], at('nobody.mkv'));
    for (const name of ['clip', 'nobody']) {
      const { stdout } = await runShell(`bodyscript analyze ${name}.mkv --ndjson - -q`, folder);
      const frames = stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line));
      for (const frame of frames) expect(check(frame) ? [] : check.errors).toEqual([]);
      if (name === 'nobody') expect(frames[0]).toMatchObject({ status: 'missing', people: [] });
      else expect(frames.map(frame => frame.frame_id)).toEqual(Array.from({ length: FRAMES }, (_, id) => id));
    }
    expect(check({ version: 2 })).toBe(false);
  });

  test('the overlay streams as MP4 that can be read from a pipe, with all its frames', async () => {
    const { codes } = await runShell('bodyscript analyze clip.mkv --overlay - -q > stream.mp4', folder);
    expect(codes).toEqual([0]);
    expect(await listFrames(at('stream.mp4'), 'v:0')).toHaveLength(FRAMES);
    expect((await readdir(folder)).filter(name => name.includes('overlay'))).toEqual([]);
  });

  test.each([
    [
      'an MP4 whose index is at its end',
      'cat late.mp4 | bodyscript analyze - --csv -',
      /INPUT_NOT_STREAMABLE|cannot be read from a pipe.*matroska/s,
    ],
    ['nothing', 'bodyscript analyze - --csv - < /dev/null', /stdin was empty/],
    ['text', 'echo hello | bodyscript analyze - --csv -', /not a video that ffmpeg can read/],
    [
      'a video cut off',
      'head -c $(($(wc -c < clip.mkv) * 98 / 100)) clip.mkv | bodyscript analyze - --csv -',
      /cut off|damaged/,
    ],
    [
      'another container than was said',
      'cat clip.mkv | bodyscript analyze - --input-format avi --csv -',
      /not a video/,
    ],
  ])('%s: an error, and nothing but a table on stdout', async (_, line, says) => {
    await makeWithFfmpeg(['-i', at('clip.mkv'), '-c', 'copy'], at('late.mp4'));
    const { codes, stdout, stderr } = await runShell(line, folder);
    expect(stderr).toMatch(says);
    expect(codes.at(-1)).toBe(1);
    expect(strangeLines(stdout)).toEqual([]);
  });

  const calls: readonly (readonly [what: string, args: readonly string[], code: number])[] = [
    ...MODE_NAMES.map(
      mode => [`mode ${mode}`, ['clip.mkv', '--mode', mode, '--debug', ...explained(mode), '-o', 'x'], 0] as const,
    ),
    ['a missing file', ['nowhere.mp4'], 1],
    ['too little memory', ['clip.mkv', '--max-memory', '60M'], 5],
    ['a wrong option', ['clip.mkv', '--mode', 'best'], 2],
    ['an unknown option', ['clip.mkv', '--bset'], 2],
    ['a missing model', ['clip.mkv', '--model', 'none.task'], 1],
    ['mediapipe', ['clip.mkv', '--engine', 'mediapipe', '--log-level', 'debug'], 0],
    ['JSON on stderr', ['clip.mkv', '--log-json'], 0],
  ];
  test.each(inTurn(calls, 0, 4))('%s: stdout holds nothing but the table', async (_, args, code) => {
    const result = await runCli(['analyze', '--csv', '-', ...args], { cwd: folder });
    expect(strangeLines(result.stdout)).toEqual([]);
    expect(result.code).toBe(code);
    if (code === 0) expect(result.stdout.split('\n')).toHaveLength(FRAMES * 33 + 2);
    if (args.includes('--log-json')) {
      for (const line of result.stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
    }
  });

  test('only one output may use stdout, stdin cannot be combined with another video, and many videos cannot share a file', async () => {
    for (const [args, says] of [
      [['clip.mkv', '--csv', '-', '--ndjson', '-'], /only one output may use stdout/],
      [['-', 'clip.mkv'], /cannot be combined with other inputs/],
      [['clip.mkv', 'nobody.mkv', '--csv', '-'], /--csv -: one file cannot hold the results of several videos/],
    ] as const) {
      const { code, stderr } = await runCli(['analyze', ...args], { cwd: folder });
      expect(stderr).toMatch(says);
      expect(code).toBe(2);
    }
  });

  test('outputs go to the named paths, and existing files are not overwritten', async () => {
    await mkdir(at('else'));
    const args = [
      'analyze',
      'clip.mkv',
      '--csv',
      'else/a.csv',
      '--no-overlay',
      '-o',
      'else/record',
      '--look-ahead',
      '0',
      '-q',
    ];
    expect((await runCli(args, { cwd: folder })).code).toBe(0);
    expect(await readFile(at('else/a.csv'), 'utf8')).toBe(table);
    await writeFile(at('else/b.csv'), 'mine');
    const other = await runCli(['analyze', 'nobody.mkv', '--csv', 'else/b.csv', '--no-overlay', '-q'], { cwd: folder });
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/b\.csv: already exists/);
    expect(await readFile(at('else/b.csv'), 'utf8')).toBe('mine');
  });
});
