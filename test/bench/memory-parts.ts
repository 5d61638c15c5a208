/**
 * `npm run bench:memory-parts [-- OPTIONS]`: divides a run's peak memory by process and kind of memory, and measures
 * the memory that each step of its start adds.
 *
 * - `--frames 120`: frames of each clip
 * - `--part peaks,steps`: only these parts
 * - `--cache FOLDER`: keeps the full-size clip; a folder for temporary files by default
 * - `--node "--max-semi-space-size=1"`: options for Node, to measure the effect of a setting
 *
 * Variables such as `MALLOC_ARENA_MAX` are passed on to the runs.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from './accuracy/reliability.js';
import { benchFolder, scaledSample } from './bench-clips.js';
import { type BenchRow, megabytes, reportBench } from './bench-report.js';
import { besideClip } from './beside-clip.js';
import { type Amount, KINDS, type Kind, kindsOf } from './memory/smaps.js';
import { stepByStep } from './memory/step-by-step.js';
import { type TreePeaks, watchTree } from './memory/tree-peaks.js';
import { startTimed } from './timed-run.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const MEBIBYTE = 2 ** 20;

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '120' },
    part: { type: 'string', default: 'peaks,steps' },
    node: { type: 'string', default: '' },
    cache: { type: 'string', default: join(tmpdir(), 'bodyscript-bench-python') },
  },
});
const nodeOptions = values.node.split(' ').filter(word => word !== '');

/** A run, its bars in MB, and the options that make it. */
interface Case {
  readonly name: string;
  readonly clip: string;
  readonly mode: string;
  readonly bars: { readonly pss?: number; readonly fixed?: number };
}

interface PeakOfRun {
  readonly peaks: TreePeaks;
  /** By process, at the moment of most unreclaimable memory. */
  readonly parts: readonly { readonly role: string; readonly kinds: ReadonlyMap<Kind, Amount> }[];
}

async function peakOf({ clip, mode }: Case, folder: string): Promise<PeakOfRun> {
  const options = ['--mode', mode, '--max-frames', values.frames, '--force', '--overwrite', '--quiet'];
  const run = startTimed([process.execPath, ...nodeOptions, BIN, 'analyze', clip, '-o', folder, ...options]);
  let parts: PeakOfRun['parts'] = [];
  const peaks = await watchTree(run.pid, run.finished, members => {
    try {
      parts = members.map(({ pid, role }) => ({ role, kinds: kindsOf(pid, role === 'node') }));
    } catch {
      // One of them ended between two samples: the last peak counts.
    }
  });
  return { peaks, parts };
}

function partsTable({ parts }: PeakOfRun): string {
  const cell = (amount: Amount | undefined) =>
    amount ? [amount.rss, amount.pss, amount.fixed].map(bytes => (bytes / MEBIBYTE).toFixed(1)).join(' / ') : '-';
  const whole = (kinds: ReadonlyMap<Kind, Amount>): Amount => {
    const add = (key: keyof Amount) => [...kinds.values()].reduce((sum, amount) => sum + amount[key], 0);
    return { rss: add('rss'), pss: add('pss'), fixed: add('fixed') };
  };
  return markdownTable(
    ['RSS / PSS / anonymous, MB', ...parts.map(({ role }) => role)],
    [
      ...KINDS.map(kind => [kind, ...parts.map(({ kinds }) => cell(kinds.get(kind)))]),
      ['all', ...parts.map(({ kinds }) => cell(whole(kinds)))],
    ],
  );
}

function barRows({ name, bars }: Case, { peaks, parts }: PeakOfRun): BenchRow[] {
  const data = { peaks, parts: parts.map(({ role, kinds }) => ({ role, kinds: Object.fromEntries(kinds) })) };
  const names = { pss: 'PSS', fixed: 'not reclaimable' } as const;
  return (['pss', 'fixed'] as const).flatMap(key => {
    const most = bars[key];
    if (most === undefined) return [];
    const reached = peaks[key] <= most * MEBIBYTE;
    return [
      { what: `${name}: ${names[key]}`, figure: megabytes(peaks[key]), bar: `at most ${most} MB`, reached, data },
    ];
  });
}

async function stepsTable(): Promise<string> {
  const steps = await stepByStep({}, nodeOptions);
  const size = (bytes: number) => (bytes / MEBIBYTE).toFixed(1);
  const rows = steps.map((step, i) => {
    const before = steps[i - 1];
    return [
      step.name,
      size(step.fixed - (before?.fixed ?? 0)),
      size(step.fixed),
      size(step.rss),
      `${size(step.heapUsed)} of ${size(step.heapTotal)}`,
      (step.ms - (before?.ms ?? 0)).toFixed(0),
    ];
  });
  return markdownTable(['step', 'more anonymous MB', 'anonymous', 'RSS', 'JavaScript heap', 'ms'], rows);
}

await using folder = await benchFolder();
const parts = values.part.split(',');
const rows: BenchRow[] = [];
if (parts.includes('peaks')) {
  const large = await besideClip(values.cache);
  const small = await scaledSample(folder.path, 'small.mp4', 640, 480, 30);
  const cases: Case[] = [
    { name: 'track, 1088x1920, overlay', clip: large, mode: 'track', bars: { pss: 290, fixed: 150 } },
    { name: 'smart, 1088x1920, overlay', clip: large, mode: 'smart', bars: { pss: 360, fixed: 190 } },
    { name: 'track, 640x480, overlay', clip: small, mode: 'track', bars: {} },
    { name: 'smart, 640x480, overlay', clip: small, mode: 'smart', bars: { pss: 270, fixed: 120 } },
  ];
  for (const one of cases) {
    const peak = await peakOf(one, folder.path);
    process.stdout.write(`\n${one.name}: at the peak of what cannot be dropped\n\n${partsTable(peak)}\n`);
    rows.push(...barRows(one, peak));
  }
}
if (parts.includes('steps')) process.stdout.write(`\nStep by step, in one process\n\n${await stepsTable()}\n`);
if (rows.length > 0) reportBench('memory-parts', rows);
