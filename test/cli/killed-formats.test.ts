import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { EXPORT_FORMATS } from '../../src/formats/export-formats.js';
import { IS_FULL } from '../support/full-tests.js';
import { KilledRun } from '../support/killed-run.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ARGS = [
  join(SAMPLES, 'small.mp4'),
  ...['--no-overlay', '--model', 'lite', '--max-frames', '110', '--angles', '--csv-dialect', 'excel-eu'],
  ...['--export', EXPORT_FORMATS.join(',')],
];

test.runIf(IS_FULL)(
  'a killed run continues in its dialect, and its exports equal those of an undisturbed run, byte for byte',
  async () => {
    const calm = await temporaryFolder();
    expect((await runCli(['analyze', ...ARGS, '-o', calm])).code).toBe(0);
    const killed = await KilledRun.start(await temporaryFolder(), ARGS);
    const { code, out, stderr } = await killed.goOn(join(await temporaryFolder(), 'copy'));
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('has changed since')]);
    expect(JSON.parse(await readFile(join(out, 'small.run.json'), 'utf8')).resumedAtFrames).toHaveLength(1);
    const files = (await readdir(calm, { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile() && !/\.bodyscript/.test(entry.parentPath) && !/json$/.test(entry.name))
      .map(({ parentPath, name }) => relative(calm, join(parentPath, name)));
    expect(files).toEqual(expect.arrayContaining(['small.csv', 'small.angles.csv', 'small.c3d', 'small.xlsx']));
    for (const name of [...files, 'small.coco.json']) {
      const [one, other] = await Promise.all([readFile(join(calm, name)), readFile(join(out, name))]);
      expect([name, one.equals(other)]).toEqual([name, true]);
    }
    const left = (await readdir(out)).filter(name => /partial|rows|xlsx\.angles/.test(name));
    expect(left).toEqual([]);
  },
  180_000,
);
