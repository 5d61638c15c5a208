import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { IS_FULL } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const below = join(folder, 'project', 'clips');
await mkdir(below, { recursive: true });
const WAVE = join(SAMPLES, 'wave.mp4');

describe('configuration', () => {
  test('a file above the working folder, variables, flags: later sources override earlier ones, and --print-config says which', async () => {
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

  test("TOML's own times are accepted, and errors name the type of a value that is not a number", async () => {
    const file = join(folder, 'times.toml');
    const print = () => runCli(['analyze', '--print-config', '--config', file]);
    await writeFile(file, '[analyze]\nstart = 00:01:30\nend = 00:02:00.5\n');
    expect((await print()).stdout).toMatch(/start = "00:01:30\.000".*\n.*end = "00:02:00\.500"/);
    await writeFile(file, '[analyze]\nminScore = nan\n');
    expect((await print()).stderr).toMatch(/analyze\.minScore must be a number from 0 to 1, got NaN\./);
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
    ['{"analyze":{"minScor":0.5}}', /analyze\.minScor: unknown option\. Did you mean .*analyze\.minScore\?/],
    ['{"analyse":{}}', /unknown section "analyse"\. Did you mean "analyze"\?/],
    ['{"analyze":{"minScore":"high"}}', /analyze\.minScore must be a number from 0 to 1, got "high"/],
    ['{"analyze":{"force":true}}', /analyze\.force: can only be given on the command line/],
    ['{"analyze":', /cannot be read/],
    ['[]', /must contain a table/],
  ])('%s is refused', async (text, says) => {
    const file = join(folder, 'bad.json');
    await writeFile(file, text);
    const { code, stderr } = await runCli(['analyze', WAVE, '--config', file, '-o', join(folder, 'never')]);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  test('an unknown variable is reported, an invalid one is rejected by its own name', async () => {
    const env = { BODYSCRIPT_MIN_SCOER: '0.5' };
    expect((await runCli(['analyze', '--print-config'], { env })).stderr).toMatch(
      /BODYSCRIPT_MIN_SCOER is set but is not an option; did you mean BODYSCRIPT_MIN_SCORE\?/,
    );
    const wrong = await runCli(['analyze', WAVE], { env: { BODYSCRIPT_MODE: 'best' } });
    expect(wrong.stderr).toMatch(/BODYSCRIPT_MODE must be one of smart/);
    expect(wrong.code).toBe(2);
  });
});

/** An untrusted folder with a configuration in it. */
async function foreignFolder(name: string, text: string, file = 'bodyscript.config.json'): Promise<string> {
  const foreign = join(folder, 'foreign', name);
  await mkdir(foreign, { recursive: true });
  await writeFile(join(foreign, file), text);
  return foreign;
}

describe('a configuration that was found automatically', () => {
  test('runs no program, writes to no path and replaces no file', async () => {
    const cwd = await foreignFolder(
      'evil',
      JSON.stringify({ analyze: { ffmpeg: './evil.sh', csv: '../outside.csv', out: '..', overwrite: true } }),
    );
    await writeFile(join(cwd, 'evil.sh'), '#!/bin/sh\ntouch ran\n', { mode: 0o755 });
    const { code, stderr } = await runCli(['analyze', WAVE, '--max-frames', '2'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/bodyscript\.config\.json: analyze\.\w+ .*--\w+/)]);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
    expect(existsSync(join(cwd, '..', 'outside.csv'))).toBe(false);
  });

  test.each([
    ['analyze', 'ffmpeg', './evil.sh', /names a program.*--ffmpeg.*BODYSCRIPT_FFMPEG.*--config/],
    ['analyze', 'ffprobe', './evil.sh', /names a program/],
    ['analyze', 'out', '../elsewhere', /names a place to write.*--out/],
    ['analyze', 'csv', '../x.csv', /names a place to write.*--csv/],
    ['analyze', 'ndjson', '-', /names a place to write/],
    ['analyze', 'overlay', '../x.mp4', /names a place to write/],
    ['analyze', 'model', './x.task', /names a file to load.*--model/],
    ['analyze', 'overwrite', true, /permits .*--overwrite/],
    ['analyze', 'overwrite', 'yes', /permits .*--overwrite/],
    ['analyze', 'keep', '0s', /permits .*--keep/],
    ['analyze', 'retryFailed', true, /permits .*--retry-failed/],
    ['analyze', 'follow', true, /permits .*--follow/],
    ['analyze', 'maxPixels', 1e9, /permits .*--max-pixels/],
    ['compare', 'junit', '../x.xml', /names a place to write/],
    ['compare', 'markdown', '../x.md', /names a place to write/],
    ['compare', 'picture', '..', /names a place to write/],
    ['compare', 'video', '/etc/passwd', /names a file to load/],
    ['compare', 'ffmpeg', './evil.sh', /names a program/],
  ])('may not say %s.%s = %j', async (section, name, value, says) => {
    const cwd = await foreignFolder(`${section}-${name}`, JSON.stringify({ [section]: { [name]: value } }));
    const paths = section === 'compare' ? ['a.csv', 'b.csv'] : [WAVE];
    const { code, stderr } = await runCli([section, ...paths, '--print-config'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(stderr).toContain(join(cwd, 'bodyscript.config.json'));
    expect(stderr).toContain(`${section}.${name}`);
    if (!IS_FULL) return;
    const named = await runCli([section, ...paths, '--print-config', '--config', 'bodyscript.config.json'], { cwd });
    expect(named.code).toBe(0);
    const variable = name.replaceAll(/[A-Z]/g, letter => `_${letter}`).toUpperCase();
    const env = { [`BODYSCRIPT_${variable}`]: String(value) };
    expect((await runCli([section, ...paths, '--print-config'], { cwd: folder, env })).code).toBe(0);
  });

  test('may set harmless options: default paths, no output, a network by name', async () => {
    const analyze = {
      csv: false,
      ndjson: 'auto',
      overlay: 'false',
      model: 'lite',
      overwrite: false,
      jobs: 2,
      maxMemory: '2G',
    };
    const cwd = await foreignFolder('harmless', JSON.stringify({ analyze }));
    const { code, stdout } = await runCli(['analyze', '--print-config'], { cwd });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/model = "lite" +# .*harmless/)]);
  });

  test('is named on stderr with its path, and cannot hide that', async () => {
    const cwd = await foreignFolder('named', '[analyze]\nminScore = 0.4\nquiet = true\n', 'bodyscript.config.toml');
    const below = join(cwd, 'clips');
    await mkdir(below);
    const found = await runCli(['analyze', '--print-config'], { cwd: below });
    expect(found.stderr).toBe(`configuration: ${join(cwd, 'bodyscript.config.toml')} (found above ${below})\n`);
    const here = await runCli(['analyze', '--print-config'], { cwd });
    expect(here.stderr).toBe(`configuration: ${join(cwd, 'bodyscript.config.toml')} (found in the working folder)\n`);
    expect((await runCli(['analyze', '--print-config', '-q'], { cwd })).stderr).toBe('');
    expect((await runCli(['compare', '--print-config', 'a', 'b'], { cwd })).stderr).toBe('');
    const file = join(folder, 'explicit.json');
    await writeFile(file, '{"analyze":{"minScore":0.4}}');
    const given = await runCli(['analyze', '--print-config'], { cwd, env: { BODYSCRIPT_CONFIG: file } });
    expect(given.stderr).toBe(`configuration: ${file} (BODYSCRIPT_CONFIG)\n`);
    const asJson = await runCli(['analyze', '--print-config', '--log-json', '--config', file], { cwd });
    expect(JSON.parse(asJson.stderr)).toMatchObject({ event: 'config', path: file, source: '--config' });
  });

  test.each([
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link that leads in a circle', (path: string) => symlinkSync(path, path)],
    ['longer than a megabyte', (path: string) => writeFileSync(path, `{"analyze":{}}${' '.repeat(2 ** 20)}`)],
  ])('is refused where it is %s, and nothing hangs', async (what, make) => {
    const cwd = await foreignFolder(what.replaceAll(' ', '-'), '', 'other');
    make(join(cwd, 'bodyscript.config.json'));
    const run = await runCli(['analyze', '--print-config'], { cwd });
    expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(/bodyscript\.config\.json: /)]);
    expect(run.stderr).not.toMatch(/This is a bug/);
    expect((await runCli(['analyze', '--print-config', '--config', 'bodyscript.config.json'], { cwd })).code).toBe(2);
  });

  test.each([
    ['{"analyze":{"__proto__":{"overwrite":true}}}', /analyze\.__proto__: unknown option/],
    ['{"analyze":{"constructor":1}}', /analyze\.constructor: unknown option/],
    ['{"__proto__":{"analyze":{"overwrite":true}}}', /unknown section "__proto__"/],
    ['{"compare":{"landmarks":{"__proto__":{"x":1}}}}', /compare\.landmarks: the name "__proto__" is not allowed/],
    [`{"analyze":{"minScore":${'['.repeat(9000)}${']'.repeat(9000)}}}`, /analyze\.minScore must be a number/],
    [`{"analyze":{"mode":"${'x'.repeat(9000)}"}}`, /analyze\.mode must be one of [^\n]{0,500}$/m],
  ])('%s is refused, and changes no prototype', async (text, says) => {
    const cwd = await foreignFolder(`proto-${Math.random()}`, text);
    const args = text.includes('compare') ? ['compare', 'a.csv', 'b.csv'] : ['analyze', '--print-config'];
    const { code, stderr } = await runCli(args, { cwd });
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});

describe('--dry-run', () => {
  test('lists the planned actions, with frames, time and memory, and writes no files', async () => {
    await writeFile(join(folder, 'bad.mp4'), 'no video');
    const out = join(folder, 'dry');
    const { code, stdout } = await runCli(['analyze', WAVE, join(folder, 'bad.mp4'), '-o', out, '--dry-run']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/analyse +120 frames +[\d.]+ s +\d+ MB .*wave\.mp4\n/);
    expect(stdout).toMatch(/fail .*bad\.mp4 +INPUT_NOT_A_VIDEO\n/);
    expect(stdout).toContain('The command would analyse 1 video, fail for 1 video.\n');
    expect(stdout).toMatch(/^Time: about [\d.]+ s for 120 frames, one video after another \(from a usual speed/m);
    expect(stdout).toMatch(/^Memory: up to \d+ MB for each video\.$/m);
    expect(stdout).toMatch(/\nNothing was written \(--dry-run\)\.\n$/);
    expect(existsSync(out)).toBe(false);
  });

  test('recognises finished videos', async () => {
    const args = ['analyze', WAVE, '-o', join(folder, 'done'), '--max-frames', '3', '--no-overlay'];
    await runCli(args);
    const { stdout } = await runCli([...args, '--dry-run']);
    expect(stdout).toMatch(/^skip/);
    expect(stdout).toMatch(/^The command would skip 1 video \(done already\)\.\nNothing was written/m);
    const forced = await runCli([...args, '--force', '--dry-run']);
    expect(forced.stdout).toMatch(/\(from the speed of earlier videos here\)/);
  });
});
