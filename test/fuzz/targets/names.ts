import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { runCli } from '../../support/run-cli.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { HOSTILE_TEXTS } from '../hostile-values.js';
import type { Random } from '../random.js';

const OPTIONS = ['--no-overlay', '--mode', 'track', '--model', 'lite'];
const LONGEST_BYTES = 200;

export const names: FuzzTarget = {
  name: 'names',
  inputs: 100,
  async prepare(folder) {
    const clip = await makeWithFfmpeg(['-i', join(SAMPLES, 'wave.mp4'), '-t', '0.2'], join(folder, 'a.mp4'));
    const calm = await runCli(['analyze', clip, '-o', join(folder, 'out'), ...OPTIONS]);
    if (calm.code !== 0) throw new Error(calm.stderr);
    const wanted = await readFile(join(folder, 'out', 'a.csv'));
    return async (world, random) => {
      const name = `${hostileName(random)}.mp4`;
      await cp(clip, join(world.input, name));
      const given = random.chance(0.5) ? '.' : `./${name}`;
      return {
        args: ['analyze', given, '-o', world.out, ...OPTIONS],
        check: async ({ code }) => {
          if (code !== 0) return [`exit code ${code} for ${JSON.stringify(name)}`];
          const tables = (await readdir(world.out)).filter(file => file.endsWith('.csv'));
          const table = tables.length === 1 ? await readFile(join(world.out, tables[0]!)) : undefined;
          return table?.equals(wanted) ? [] : [`${JSON.stringify(name)}: ${tables.length} tables, or another content`];
        },
      };
    };
  },
};

function hostileName(random: Random): string {
  const parts = Array.from({ length: 1 + random.below(3) }, () => random.pick([...HOSTILE_TEXTS, 'walk', 'a b']));
  const name = parts
    .join(random.pick(['', ' ', '.']))
    .replaceAll('/', '_')
    .replaceAll('\0', '_');
  const cut = Buffer.from(name).subarray(0, LONGEST_BYTES).toString('utf8').replaceAll('\ufffd', '');
  // Names that begin with a dot are hidden, and skipped in folders.
  return cut.replace(/^\.+/, '') || 'x';
}
