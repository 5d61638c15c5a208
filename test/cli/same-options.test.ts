import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MESSAGES } from '../../src/options/general-table.js';
import { flagOf } from '../../src/options/layers.js';
import { inTurn } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const table = at('squat.csv');
await runCli(['analyze', join(SAMPLES, 'squat.mp4'), '-o', folder, ...['--max-frames', '70', '--no-overlay', '-q']]);

/** Each command with arguments that it cannot use. */
const WRONG: readonly (readonly string[])[] = [
  ['analyze', at('nix.mp4')],
  ['compare', at('nix.csv'), table],
  ['filter', at('nix.csv')],
  ['report', at('nix')],
  ['render', at('nix.csv'), at('nix.mp4')],
  ['export', at('nix.csv'), '-f', 'trc'],
  ['angles', at('nix.csv')],
  ['plots', at('nix.csv')],
  ['quality', at('nix.csv')],
  ['cycles', at('nix.csv')],
  ['measure', at('nix.csv'), '--scale', '100'],
  ['jobs', 'list', '-o', at('nix')],
  ['jobs', 'show', 'squat', '-o', at('nix')],
  ['jobs', 'retry', '-o', at('nix')],
  ['jobs', 'clean', '-o', at('nix')],
];

describe.each(inTurn(WRONG, 0, 2))('%s %s', (...given) => {
  const command = given.filter(word => word !== undefined);

  test('lists every option about messages', async () => {
    const words = command[0] === 'jobs' ? command.slice(0, 2) : command.slice(0, 1);
    const { stdout } = await runCli([...words, '--help']);
    for (const name of Object.keys(MESSAGES)) expect(stdout).toContain(`${flagOf(name)} `);
  });

  test('reports its errors as JSON with --log-json, even without other messages', async () => {
    const { code, stdout, stderr } = await runCli([...command, '--log-json', '-q']);
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 'error', message: expect.any(String) });
  });

  test('rejects an unknown level', async () => {
    const { code, stderr } = await runCli([...command, '--log-level', 'loud']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--log-level must be one of error, warn, info, debug')]);
  });
});

test('--config exists only where a configuration is read', async () => {
  for (const command of ['analyze', 'compare', 'filter']) {
    expect((await runCli([command, '--help'])).stdout).toContain('--config <file>');
  }
  for (const command of ['cycles', 'measure', 'render', 'angles']) {
    const { code, stderr } = await runCli([command, table, table, '--config', at('none.toml')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("unknown option '--config'")]);
  }
});

const WRITERS: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ['filter', table, '--motion'],
    ['squat.filter.json', 'squat.filtered.csv', 'squat.motion.csv'],
  ],
  [['angles', table], ['squat.angles.csv']],
  [['render', table, join(SAMPLES, 'squat.mp4'), '--overlay-size', '160'], ['squat.render.mp4']],
  [['measure', table, '--scale', '100', '--csv-dialect', 'excel-eu'], ['squat.measures.csv']],
  [
    ['plots', table],
    ['squat.plots.png', 'squat.plots.svg'],
  ],
  [
    ['export', table, '-f', 'trc,coco'],
    ['squat.coco.json', 'squat.trc'],
  ],
  [
    ['cycles', table, '--no-plots', '--angle', 'left_knee'],
    ['squat.cycle-curves.csv', 'squat.cycles.csv', 'squat.events.csv'],
  ],
];

test.each(WRITERS)('%j into a new folder, and into an existing one', async (command, names) => {
  const [made, existing] = [at(`${command[0]}-made`), at(`${command[0]}-existing`)];
  await mkdir(existing);
  expect(await runCli([...command, '-o', `${made}/`, '-q'])).toMatchObject({ code: 0, stderr: '' });
  expect(await runCli([...command, '-o', existing, '-q'])).toMatchObject({ code: 0, stderr: '' });
  for (const place of [made, existing]) expect((await readdir(place)).sort()).toEqual(names);
  const [name = ''] = names;
  expect(await readFile(join(existing, name))).toEqual(await readFile(join(made, name)));
});

test.each(WRITERS)('%j: stdout takes one file', async (command, names) => {
  const { code, stdout, stderr } = await runCli([...command.filter(word => word !== '--motion'), '-o', '-']);
  const isOneFile = names.some(name => /angles|filtered|measures|render/.test(name));
  if (isOneFile) expect([code, stdout.length > 500]).toEqual([0, true]);
  else expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('only one output may use stdout')]);
});
