/**
 * `npm run bench:checkpoint-damage`: a run that was killed goes on, 200 times with one bit of its checkpoint changed
 * and 50 times with the checkpoint overwritten. Each time it must come to the calm run's bytes.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded } from '../support/chaos.js';
import { overwritten, withFlippedBit } from '../support/damage.js';
import { checkpointIn, KilledRun } from '../support/killed-run.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { benchFolder } from './bench-clips.js';
import { reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: {
    bits: { type: 'string', default: '200' },
    overwritten: { type: 'string', default: '50' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
  },
});
const ARGS = [join(SAMPLES, 'small.mp4'), '--no-overlay', '--model', 'lite', '--max-frames', '40'];
const SAID = /; analysing the video from the beginning/;
await using folder = await benchFolder();

const calmOut = join(folder.path, 'calm');
const { code, stderr } = await runCli(['analyze', ...ARGS, '-o', calmOut]);
if (code !== 0) throw new Error(stderr);
const calm = await readFile(join(calmOut, 'small.csv'));
const start = join(folder.path, 'killed');
await mkdir(start);
const killed = await KilledRun.start(start, ARGS);
const random = seeded(Number(values.seed));

interface Outcome {
  readonly kind: 'bit' | 'overwritten';
  readonly isSame: boolean;
  readonly began: 'restarted' | 'continued';
  readonly isTold: boolean;
  readonly code: number | null;
}

async function damaged(kind: Outcome['kind'], index: number): Promise<Outcome> {
  const copy = join(folder.path, `${kind}-${index}`);
  const result = await killed.goOn(copy, async out => {
    const path = (await checkpointIn(out)) as string;
    const bytes = await readFile(path);
    await writeFile(path, kind === 'bit' ? withFlippedBit(bytes, random) : overwritten(bytes, index, random));
  });
  const table = await readFile(join(result.out, 'small.csv')).catch(() => undefined);
  const record = JSON.parse(await readFile(join(result.out, 'small.run.json'), 'utf8').catch(() => '{}'));
  await rm(copy, { recursive: true });
  return {
    kind,
    isSame: result.code === 0 && table !== undefined && table.equals(calm),
    began: record.resumedAtFrames?.length === 0 ? 'restarted' : 'continued',
    isTold: SAID.test(result.stderr) && (record.warnings ?? []).some((warning: string) => SAID.test(warning)),
    code: result.code,
  };
}

const waiting: [Outcome['kind'], number][] = [
  ...Array.from({ length: Number(values.bits) }, (_, i): [Outcome['kind'], number] => ['bit', i]),
  ...Array.from({ length: Number(values.overwritten) }, (_, i): [Outcome['kind'], number] => ['overwritten', i]),
];
const outcomes: Outcome[] = [];
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      outcomes.push(await damaged(...next));
      if (outcomes.length % 10 === 0) process.stderr.write(`${outcomes.length} done\n`);
    }
  }),
);

reportBench(
  'checkpoint-damage',
  (['bit', 'overwritten'] as const).map(kind => {
    const all = outcomes.filter(outcome => outcome.kind === kind);
    const same = all.filter(({ isSame }) => isSame).length;
    // An overwrite may write the same bytes.
    const restarted = all.filter(({ began, isTold }) => began === 'restarted' && isTold).length;
    return {
      what: `checkpoints with ${kind === 'bit' ? 'one bit changed' : 'a part overwritten'}: the calm run's bytes`,
      figure: `${same} of ${all.length}; ${restarted} restarted and said so`,
      bar: 'all',
      reached: same === all.length,
      data: { failed: all.filter(({ isSame }) => !isSame) },
    };
  }),
);
