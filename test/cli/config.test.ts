import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const below = join(folder, 'project', 'clips');
await mkdir(below, { recursive: true });
const WAVE = join(SAMPLES, 'wave.mp4');

describe('configuration', () => {
  test('a file above the working folder, variables, flags: the later wins, and --print-config says which', async () => {
    const file = join(folder, 'project', 'bodyscript.config.toml');
    await writeFile(file, '[analyze]\nminScore = 0.4\nmode = "track"\nmaxFrames = 9\n');
    const env = { BODYSCRIPT_MIN_SCORE: '0.6', BODYSCRIPT_MAX_FRAMES: '8' };
    const { code, stdout } = await runCli(['analyze', '--print-config', '--max-frames', '7'], { cwd: below, env });
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`mode = "track" +# ${file}`));
    expect(stdout).toMatch(/minScore = "0.6" +# environment/);
    expect(stdout).toMatch(/maxFrames = "7" +# command line/);
    expect(stdout).toMatch(/maxAttempts = 8 +# default/);
    const printed = parse(stdout) as { analyze: Record<string, unknown> };
    await writeFile(join(folder, 'printed.json'), JSON.stringify(printed));
    expect((await runCli(['analyze', '--print-config', '--config', join(folder, 'printed.json')])).code).toBe(0);
  });

  test('JSON as well, with its schema in the package', async () => {
    const schema = JSON.parse(
      await readFile(new URL('../../dist/schemas/config.schema.json', import.meta.url), 'utf8'),
    );
    const check = new Ajv({ allowUnionTypes: true }).compile(schema);
    const config = {
      $schema: 'x',
      analyze: { start: '1:30', people: 2, csv: false, person: 'largest' },
      compare: { tolerance: '1%' },
    };
    expect(check(config) ? [] : check.errors).toEqual([]);
    expect(check({ analyze: { poeple: 2 } })).toBe(false);
    expect(check({ analyze: { mode: 'best' } })).toBe(false);
    const file = join(folder, 'good.json');
    await writeFile(file, JSON.stringify(config));
    const { stdout } = await runCli(['analyze', '--print-config', '--config', file]);
    expect(stdout).toMatch(/people = 2 +# .*good\.json/);
  });

  test.each([
    ['{"analyze":{"minScor":0.5}}', /analyze\.minScor: there is no such option\. Did you mean .*analyze\.minScore\?/],
    ['{"analyse":{}}', /there is no section "analyse"\. Did you mean analyze\?/],
    ['{"analyze":{"minScore":"high"}}', /analyze\.minScore must be a number from 0 to 1, got "high"/],
    ['{"analyze":{"force":true}}', /analyze\.force: can be given on the command line only/],
    ['{"analyze":', /cannot be read/],
    ['[]', /must hold a table/],
  ])('%s is refused', async (text, says) => {
    const file = join(folder, 'bad.json');
    await writeFile(file, text);
    const { code, stderr } = await runCli(['analyze', WAVE, '--config', file, '-o', join(folder, 'never')]);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  test('a variable that means nothing is told, one that is wrong is refused by its own name', async () => {
    const env = { BODYSCRIPT_MIN_SCOER: '0.5' };
    expect((await runCli(['analyze', '--print-config'], { env })).stderr).toMatch(
      /BODYSCRIPT_MIN_SCOER is set and means nothing; BODYSCRIPT_MIN_SCORE\?/,
    );
    const wrong = await runCli(['analyze', WAVE], { env: { BODYSCRIPT_MODE: 'best' } });
    expect(wrong.stderr).toMatch(/BODYSCRIPT_MODE must be one of smart/);
    expect(wrong.code).toBe(2);
  });
});

describe('--dry-run', () => {
  test('lists what would be done, with frames, time and memory, and writes nothing', async () => {
    await writeFile(join(folder, 'bad.mp4'), 'no video');
    const out = join(folder, 'dry');
    const { code, stdout } = await runCli(['analyze', WAVE, join(folder, 'bad.mp4'), '-o', out, '--dry-run']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/analyse +120 frames +[\d.]+ s +\d+ MB .*wave\.mp4\n/);
    expect(stdout).toMatch(/fail .*bad\.mp4 +INPUT_NOT_A_VIDEO\n/);
    expect(stdout).toMatch(/about 120 frames in/);
    expect(existsSync(out)).toBe(false);
  });

  test('knows what is done already', async () => {
    const args = ['analyze', WAVE, '-o', join(folder, 'done'), '--max-frames', '3', '--no-overlay'];
    await runCli(args);
    const { stdout } = await runCli([...args, '--dry-run']);
    expect(stdout).toMatch(/^skip/);
    expect(stdout).toMatch(/as fast as videos here before/);
  });
});
