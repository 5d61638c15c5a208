/**
 * `npm run fuzz`: damaged and hostile inputs of every type that the program reads. `-- --seed 2 --only tables --share
 * 0.1`; `--case N` repeats one.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    share: { type: 'string', default: '1' },
    case: { type: 'string' },
    keep: { type: 'string' },
    json: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'bodyscript-fuzz-'));
try {
  const results = await fuzz(
    {
      seed: Number(values.seed),
      only: values.only?.split(','),
      share: Number(values.share),
      folder,
      keepIn: values.keep,
      atOnce: Number(values.jobs),
      onProgress: line => process.stderr.write(`${line}\n`),
    },
    values.case === undefined ? undefined : Number(values.case),
  );
  const rows = results.map(
    ({ target, inputs, runs, findings, seconds }) =>
      `| ${target} | ${inputs} | ${runs} | ${findings.length} | ${seconds.toFixed(0)} |`,
  );
  process.stdout.write(`| kind | inputs | runs | findings | seconds |\n|---|---|---|---|---|\n${rows.join('\n')}\n`);
  if (values.json) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
  process.exitCode = results.some(({ findings }) => findings.length > 0) ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}
