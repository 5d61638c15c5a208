/**
 * `npm run samples [-- CLIP...] [-- --fast] [--workers N] [--out DIR] [--update]`: renders the sample clips and their
 * truth.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import type { Clip, Film } from './clip.js';
import { CLIPS, FILMS } from './clips.js';
import { contactSheet } from './contact-sheet.js';
import { FramePool } from './frame-pool.js';
import { gaitTruth, gaitTruthText } from './gait-truth.js';
import type { Quality } from './march/renderer.js';
import { renderClip, shownSize } from './render-clip.js';

const SAMPLES = fileURLToPath(new URL('..', import.meta.url));
const HASHES = join(SAMPLES, 'frame-hashes.json');
const FULL: Quality = { width: 640, height: 480, samples: 4, shadowCells: 192 };
const FAST: Quality = { width: 320, height: 240, samples: 1, shadowCells: 96 };

type Hashes = Record<string, readonly string[]>;

async function readHashes(): Promise<Hashes> {
  return existsSync(HASHES) ? (JSON.parse(await readFile(HASHES, 'utf8')) as Hashes) : {};
}

/** One line per clip, so that a diff shows changed clips. */
async function writeHashes(hashes: Hashes): Promise<void> {
  const lines = CLIPS.filter(({ name }) => hashes[name]).map(
    ({ name }) => `"${name}": ${JSON.stringify(hashes[name])}`,
  );
  await writeFile(HASHES, `{\n${lines.join(',\n')}\n}\n`);
}

function differences(name: string, now: readonly string[], before: readonly string[] | undefined): string | undefined {
  if (!before) return `${name}: no hashes are recorded yet`;
  const changed = now.filter((hash, i) => hash !== before[i]).length + Math.max(0, before.length - now.length);
  return changed === 0 ? undefined : `${name}: ${changed} of ${before.length} frames differ from the recorded hashes`;
}

function chosenClips(names: readonly string[]): readonly Clip[] {
  const unknown = names.filter(name => !CLIPS.some(clip => clip.name === name));
  if (unknown.length > 0) {
    throw new TypeError(
      `no clip is called ${unknown.join(', ')}. There are: ${CLIPS.map(clip => clip.name).join(', ')}`,
    );
  }
  return names.length === 0 ? CLIPS : CLIPS.filter(clip => names.includes(clip.name));
}

const framesOf = (clips: readonly Clip[]) =>
  clips.reduce((sum, clip) => sum + (FILMS[clip.film as keyof typeof FILMS] as Film).times.length, 0);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fast: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
    workers: { type: 'string', default: `${availableParallelism()}` },
    out: { type: 'string' },
  },
});
const clips = chosenClips(positionals);
const quality = values.fast ? FAST : FULL;
const out = resolve(values.out ?? (values.fast ? 'bodyscript-out/samples-fast' : SAMPLES));
await mkdir(out, { recursive: true });

const bar = new SingleBar({ format: '{bar} {percentage}% | {value}/{total} frames | {clip} | {eta_formatted} left' });
const isTerminal = process.stderr.isTTY;
if (isTerminal) bar.start(framesOf(clips), 0, { clip: '' });

/** Groups clips of the same film, so that it is rendered once. */
const films = [...new Set(clips.map(clip => clip.film))];
const work = films.flatMap(film => clips.filter(clip => clip.film === film));

const hashes = await readHashes();
const problems: string[] = [];
const pools = new Map<string, FramePool>();
try {
  for (const [i, clip] of work.entries()) {
    bar.update({ clip: clip.name });
    const size = shownSize(clip, quality);
    const key = `${size.width}x${size.height}`;
    const pool = pools.get(key) ?? new FramePool(size, Number(values.workers));
    pools.set(key, pool);
    const frameHashes = await renderClip(clip, pool, quality, out, work[i + 1]?.film === clip.film, () =>
      bar.increment(),
    );
    const problem = values.fast ? undefined : differences(clip.name, frameHashes, hashes[clip.name]);
    if (problem && !values.update) problems.push(problem);
    hashes[clip.name] = frameHashes;
    if (!isTerminal) process.stderr.write(`${clip.name}: ${frameHashes.length} frames\n`);
  }
} finally {
  bar.stop();
  for (const pool of pools.values()) await pool[Symbol.asyncDispose]();
}

const sheet = await contactSheet(out);
if (sheet) await writeFile(join(out, 'contact-sheet.jpg'), sheet);
await writeFile(join(out, 'gait-events.json'), gaitTruthText(gaitTruth()));
if (values.update && !values.fast) await writeHashes(hashes);
const { user, system } = process.cpuUsage();
const rendered = films.reduce((sum, film) => sum + (FILMS[film as keyof typeof FILMS] as Film).times.length, 0);
const each = (user + system) / 1e6 / rendered;
process.stderr.write(`${rendered} frames rendered, ${each.toFixed(2)} s of one core each; clips in ${out}\n`);
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\nIf that is what you wanted, record them with --update.\n`);
  process.exitCode = 1;
}
