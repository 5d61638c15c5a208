import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { runCli } from '../../support/run-cli.js';
import type { FuzzTarget, World } from '../fuzz-target.js';
import { mutateBytes, mutateTable } from '../mutate.js';
import type { Random } from '../random.js';

/** The commands that read a table. */
const COMMANDS: readonly ((table: string, world: World) => string[])[] = [
  (table, { out }) => ['filter', table, '-o', join(out, `filtered-${table}`)],
  (table, { out }) => [
    'export',
    table,
    '--format',
    'trc,mot,opensim,c3d,coco,openpose,parquet,movement,xlsx',
    '-o',
    join(out, 'x'),
  ],
  (table, { out }) => ['compare', 'golden.csv', table, '--junit', join(out, 'j.xml'), '--markdown', join(out, 'm.md')],
  (table, { out }) => [
    'compare',
    table,
    'golden.csv',
    '--json',
    '--picture',
    join(out, 'worst'),
    '--video',
    'clip.mp4',
  ],
  table => ['quality', table],
  (table, { out }) => ['cycles', table, '-o', join(out, 'c')],
  (table, { out }) => ['cycles', table, '--angle', 'left_knee', '-o', join(out, 'k')],
  (table, { out }) => ['measure', table, '--person-height', '1.8', '--joints', 'nose', '-o', join(out, 'm.csv')],
  (table, { out }) => ['compare', 'golden.csv', table, '--plot', join(out, 'p.svg')],
  (table, { out }) => ['render', table, 'clip.mp4', '-o', join(out, 'r.mp4')],
];

export const tables: FuzzTarget = {
  name: 'tables',
  inputs: 600,
  async prepare(folder) {
    const clip = await makeWithFfmpeg(['-i', join(SAMPLES, 'crossing.mp4'), '-t', '0.4'], join(folder, 'clip.mp4'));
    const layouts = [
      ['long.csv', '--csv', join(folder, 'long.csv'), '--ndjson', join(folder, 'lines.ndjson')],
      ['wide.csv', '--csv', join(folder, 'wide.csv'), '--csv-layout', 'wide'],
    ];
    for (const [, ...outputs] of layouts) {
      const args = ['analyze', clip, '-o', join(folder, 'out'), '--people', '2', '--mode', 'track', '--no-overlay'];
      const { code, stderr } = await runCli([...args, '--force', ...outputs]);
      if (code !== 0) throw new Error(stderr);
    }
    return async (world, random) => {
      const table = random.pick(['long.csv', 'wide.csv', 'lines.ndjson']);
      for (const name of ['clip.mp4', 'long.csv']) {
        await copyFile(join(folder, name), join(world.input, name === 'long.csv' ? 'golden.csv' : name));
      }
      await writeFile(join(world.input, table), mutated(await readFile(join(folder, table)), random));
      return { args: random.pick(COMMANDS)(table, world) };
    };
  },
};

function mutated(bytes: Buffer, random: Random): Buffer {
  return random.chance(0.3) ? mutateBytes(bytes, random) : Buffer.from(mutateTable(bytes.toString(), random));
}
