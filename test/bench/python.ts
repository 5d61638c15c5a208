/**
 * `npm run bench:python [-- OPTIONS]`: compares the built command line with the script that anyone could write in an
 * afternoon (`python/plain_script.py`).
 *
 * - `--rounds 5`: whole runs of each way, alternating, for CPU seconds and elapsed time
 * - `--memory-rounds 3`: the same for memory
 * - `--part runs,accuracy`: only these parts
 * - `--way TEXT`: only ways whose names contain it; may be repeated
 * - `--clip FILE`: a clip to use in place of the generated one
 * - `--cache FOLDER`: keeps the clip and the Python environment (1.1 GB); a folder for temporary files by default
 */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HAS_REAL_FOOTAGE } from '../support/reference-clips.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, reportBench } from './bench-report.js';
import { besideClip } from './beside-clip.js';
import { judgeBesidePython } from './python/accuracy.js';
import { barRows, besideTable } from './python/bars.js';
import { type PythonEnvironment, pythonEnvironment } from './python/environment.js';
import { allWays } from './python/ways.js';
import { runAllWays } from './python/whole-runs.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    'memory-rounds': { type: 'string', default: '3' },
    part: { type: 'string', default: 'runs,accuracy' },
    way: { type: 'string', multiple: true, default: [''] },
    clip: { type: 'string' },
    cache: { type: 'string', default: join(tmpdir(), 'bodyscript-bench-python') },
  },
});

const tell = (text: string) => process.stderr.write(`${text}\n`);

async function compare({ python, versions }: PythonEnvironment): Promise<void> {
  await using folder = await benchFolder();
  const parts = values.part.split(',');
  const rows: BenchRow[] = [];
  const tables: string[] = [versions];
  if (parts.includes('runs')) {
    const clip = values.clip ? resolve(values.clip) : await besideClip(values.cache);
    const rounds = { time: Number(values.rounds), memory: Number(values['memory-rounds']) };
    const ways = allWays(python).filter(({ name }) => values.way.some(text => name.includes(text)));
    const figures = await runAllWays(ways, { clip, folder: folder.path, rounds, tell });
    tables.push(besideTable(figures));
    rows.push(...barRows(figures));
  }
  if (parts.includes('accuracy') && HAS_REAL_FOOTAGE) {
    const { table, row } = await judgeBesidePython(python, folder.path, tell);
    tables.push(table);
    rows.push(row);
  }
  process.stdout.write(`\n${tables.join('\n\n')}\n`);
  reportBench('python', rows);
}

const environment = await pythonEnvironment(values.cache);
if (typeof environment === 'string') tell(environment);
else await compare(environment);
