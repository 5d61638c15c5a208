/**
 * `npm run bench:real [-- OPTIONS]`: measures the built command line's accuracy on footage of real people, from the
 * folder `BODYSCRIPT_SHARED` (by default `../shared`).
 *
 * - `--part webcams,stills,half`: only these parts
 * - `--way "track --model full, smart"`: ways for the webcams, each a mode and further options, separated by commas
 * - `--still-way "still, smart"`: ways for the stills, each with `--people 10`
 * - `--half-way "track, smart"`: ways for half a body; times are relative to track
 * - `--rounds 1`: analyses of the webcams in each way, alternating
 * - `--keep FOLDER`: keeps the tables, as cam_0-WAY.csv
 * - `--max-frames 20`: only the first frames of the webcams
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { HAS_CASES, HAS_REAL_FOOTAGE, REAL_FOOTAGE } from '../support/reference-clips.js';
import { benchFolder, resultsFolder } from './bench-clips.js';
import { halfTables, judgeHalf } from './real/half.js';
import { judgeAllStills, stillTables } from './real/stills.js';
import { judgeWebcams, webcamTables } from './real/webcams.js';

const { values } = parseArgs({
  options: {
    part: { type: 'string', default: 'webcams,stills,half' },
    way: { type: 'string', default: 'track --model full, track --model heavy, smart, quality' },
    'still-way': { type: 'string', default: 'still, quality, smart' },
    'half-way': { type: 'string', default: 'track, smart' },
    rounds: { type: 'string', default: '1' },
    'max-frames': { type: 'string' },
    keep: { type: 'string' },
  },
});

const listed = (text: string) => text.split(',').map(one => one.trim());
const tell = (text: string) => process.stderr.write(`${text}\n`);
const parts = listed(values.part);

if (!HAS_REAL_FOOTAGE) {
  tell(`Nothing to measure: ${REAL_FOOTAGE} is not there. BODYSCRIPT_SHARED names the folder in which it lies.`);
} else {
  await using folder = await benchFolder();
  const tables = values.keep ?? folder.path;
  const results: Record<string, unknown> = {};
  const texts: string[] = [];
  if (parts.includes('webcams')) {
    const rows = await judgeWebcams(listed(values.way), tables, {
      more: values['max-frames'] ? ['--max-frames', values['max-frames']] : [],
      rounds: Number(values.rounds),
      tell,
    });
    results.webcams = rows;
    texts.push(webcamTables(rows));
  }
  if (parts.includes('stills')) {
    const rows = await judgeAllStills(listed(values['still-way']), tables, tell);
    results.stills = rows;
    texts.push(stillTables(rows));
  }
  if (parts.includes('half') && HAS_CASES) {
    const rows = await judgeHalf(listed(values['half-way']), tables, tell);
    results.half = rows;
    texts.push(halfTables(rows));
  }
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, at: new Date().toISOString() };
  process.stdout.write(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n\n${texts.join('\n\n')}\n`);
  await writeFile(`${await resultsFolder()}real.json`, `${JSON.stringify({ machine, ...results }, null, 2)}\n`);
}
