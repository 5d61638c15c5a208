import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const analyse = (out: string, ...options: string[]) =>
  runCli(['analyze', join(SAMPLES, 'wave.mp4'), '-o', at(out), '--no-overlay', '--max-frames', '12', ...options]);

beforeAll(async () => {
  await analyse('full', '--model', 'full');
  await analyse('lite', '--model', 'lite', '--mode', 'fast');
});

/** The content of a folder, except the ledger. */
const namesIn = async (name: string) => (await readdir(at(name))).filter(file => !file.startsWith('.')).sort();

describe('bodyscript compare and run records', () => {
  test('names the options that differ between the two runs', async () => {
    const { code, stdout } = await runCli(['compare', at('full'), at('lite')]);
    expect(code).toBe(4);
    expect(stdout).toMatch(/made with +golden: model full, mode smart.*; new: model lite, mode fast/);
    const { stdout: json } = await runCli(['compare', at('full'), at('lite'), '--json']);
    expect(JSON.parse(json).files[0].records[0]).toEqual({ what: 'model', golden: 'full', new: 'lite' });
    const { stdout: same } = await runCli(['compare', at('full'), at('full')]);
    expect(same).not.toContain('made with');
  });

  test('--update renews the record with its table', async () => {
    await cp(at('full'), at('golden'), { recursive: true });
    const { code, stderr } = await runCli(['compare', at('golden'), at('lite'), '--update']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/wave\.csv: updated.*wave\.run\.json: updated/s);
    expect(JSON.parse(await readFile(at('golden/wave.run.json'), 'utf8')).model.name).toBe('lite');
    expect((await runCli(['compare', at('golden'), at('lite')])).code).toBe(0);
  });

  test('--update removes a record that would describe other numbers', async () => {
    await cp(at('full'), at('stale'), { recursive: true });
    await cp(at('lite'), at('bare'), { recursive: true });
    await rm(at('bare/wave.run.json'));
    const { stderr } = await runCli(['compare', at('stale'), at('bare'), '--update']);
    expect(stderr).toContain('wave.run.json: removed: the new table has no run record');
    expect(await namesIn('stale')).toEqual(['wave.csv']);
  });

  test.each(['empty', 'absent'])('--update fills a golden folder that is %s', async name => {
    if (name === 'empty') await mkdir(at(name));
    const { code, stderr } = await runCli(['compare', at(name), at('full'), '--update']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('wave.csv: created')]);
    expect(await namesIn(name)).toEqual(['wave.csv', 'wave.run.json']);
    expect((await runCli(['compare', at(name), at('full')])).code).toBe(0);
  });

  test('without --update, an empty golden folder is an error that names the remedy', async () => {
    await mkdir(at('nothing'));
    const { code, stderr } = await runCli(['compare', at('nothing'), at('full')]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/contains no landmark tables.*--update/s)]);
  });

  test('--update takes only tables', async () => {
    await writeFile(at('text.csv'), 'hello\nworld\n');
    const { code, stderr } = await runCli(['compare', at('new-golden.csv'), at('text.csv'), '--update']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('text.csv')]);
    expect(await readdir(folder)).not.toContain('new-golden.csv');
  });

  test("skips this program's other tables, and not a clip's table with such a name", async () => {
    await cp(at('full'), at('more'), { recursive: true });
    await runCli(['angles', at('more/wave.csv')]);
    await writeFile(at('more/wave.cycles.csv'), 'person_id,cycle\n0,1\n');
    await cp(at('more/wave.csv'), at('more/dance.events.csv'));
    const { code, stdout } = await runCli(['compare', at('more'), at('full')]);
    expect([code, stdout]).toEqual([4, expect.stringMatching(/LOST +dance\.events\.csv.*1 of 2 files differs/s)]);
  });
});
