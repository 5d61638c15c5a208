import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { ANALYZE } from '../../../src/options/analyze-table.js';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { SAMPLES } from '../../support/reference-clips.js';
import type { FuzzCase, FuzzTarget, World } from '../fuzz-target.js';
import { HOSTILE_TEXTS, hostileJson, writeJson } from '../hostile-values.js';
import { mutateBytes } from '../mutate.js';
import type { Random } from '../random.js';

/** Malicious intentions of a configuration file. */
const WISHES = ({ outside }: World): readonly unknown[] => [
  join(outside, 'evil.sh'),
  '../outside/evil.sh',
  './evil.sh',
  join(outside, 'keep.csv'),
  '../outside',
  outside,
  true,
  '-',
  'auto',
  1,
  ...HOSTILE_TEXTS,
];

export const configurations: FuzzTarget = {
  name: 'configurations',
  inputs: 150,
  async prepare(folder) {
    const clip = await makeWithFfmpeg(['-i', join(SAMPLES, 'wave.mp4'), '-t', '0.2'], join(folder, 'a.mp4'));
    return async (world, random): Promise<FuzzCase> => {
      await copyFile(clip, join(world.input, 'a.mp4'));
      await copyFile(join(world.outside, 'evil.sh'), join(world.input, 'evil.sh'));
      const [name, text] = makeConfiguration(world, random);
      const bytes = Buffer.from(text);
      await writeFile(join(world.input, name), random.chance(0.2) ? mutateBytes(bytes, random) : bytes);
      return {
        args: ['analyze', 'a.mp4', '-o', world.out, '--mode', 'track', '--model', 'lite', '--max-frames', '1'],
      };
    };
  },
};

function makeConfiguration(world: World, random: Random): readonly [name: string, text: string] {
  const names = Object.keys(ANALYZE);
  const analyze: Record<string, unknown> = {};
  for (let left = 1 + random.below(4); left > 0; left--) {
    analyze[random.pick(names)] = random.chance(0.7) ? random.pick(WISHES(world)) : hostileJson(random);
  }
  const config = random.chance(0.1) ? { [random.pick(HOSTILE_TEXTS)]: analyze } : { analyze };
  if (random.chance(0.4)) {
    try {
      return ['bodyscript.config.toml', stringify(config)];
    } catch {
      // TOML has no null and no mixed lists.
    }
  }
  return ['bodyscript.config.json', writeJson(config)];
}
