import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type Libsql from 'libsql';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { runCli } from '../../support/run-cli.js';
import type { FuzzTarget, World } from '../fuzz-target.js';
import { HOSTILE_TEXTS } from '../hostile-values.js';
import { mutateBytes } from '../mutate.js';
import type { Random } from '../random.js';

const OPTIONS = ['--no-overlay', '--mode', 'track', '--model', 'lite', '--jobs', '1'];
const STATES = ['queued', 'running', 'done', 'failed', 'interrupted'] as const;

export const ledgers: FuzzTarget = {
  name: 'ledgers',
  inputs: 100,
  async prepare(folder) {
    const input = join(folder, 'clips');
    const clip = await makeWithFfmpeg(['-i', join(SAMPLES, 'wave.mp4'), '-t', '0.2'], join(folder, 'a.mp4'));
    await cp(clip, join(input, 'a.mp4'));
    await cp(clip, join(input, 'b.mp4'));
    await writeFile(join(input, 'bad.mp4'), 'no video');
    const out = join(folder, 'out');
    await runCli(['analyze', input, '-o', out, ...OPTIONS]);
    return async (world, random) => {
      await cp(out, world.out, { recursive: true });
      const ledger = join(world.out, '.bodyscript', (await ledgerIn(world.out)) as string);
      if (random.chance(0.5)) changeRows(ledger, world, random);
      else await writeFile(ledger, mutateBytes(await readFile(ledger), random));
      const args = random.pick([
        ['jobs', 'list', '-o', world.out, '--json'],
        ['jobs', 'list', '-o', world.out],
        ['jobs', 'retry', '-o', world.out],
        ['jobs', 'clean', '-o', world.out, '--older-than', '0s'],
        ['analyze', input, '-o', world.out, ...OPTIONS],
        ['analyze', input, '-o', world.out, ...OPTIONS, '--retry-failed', '--overwrite'],
      ]);
      return { args };
    };
  },
};

async function ledgerIn(out: string): Promise<string | undefined> {
  return (await readdir(join(out, '.bodyscript'))).find(name => /\.(sqlite|db)$/.test(name));
}

/** Writes values into the ledger like a user with SQLite. */
function changeRows(path: string, world: World, random: Random): void {
  const Database = createRequire(import.meta.url)('libsql') as typeof Libsql;
  const db = new Database(path);
  const columns = (db.prepare('PRAGMA table_info(jobs)').all() as { name: string }[]).map(({ name }) => name);
  const values = [...HOSTILE_TEXTS, join(world.outside, 'keep'), '../outside/keep', '[{"path":"../outside/keep.csv"}]'];
  for (let left = 1 + random.below(4); left > 0; left--) {
    const column = random.pick([...columns, 'name', 'outputs', 'path']);
    try {
      db.prepare('UPDATE jobs SET state = ?').run(random.pick(STATES));
      db.prepare(`UPDATE jobs SET ${column} = ? WHERE id = ?`).run(random.pick(values), 1 + random.below(3));
    } catch {
      // The table forbids this value.
    }
  }
  db.close();
}
