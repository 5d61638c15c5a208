/**
 * `npm run bench:encoders [-- OPTIONS]`: compares x264's presets with the settings of `encodeArguments`: CPU time,
 * memory, file size and similarity (SSIM).
 *
 * - `--samples wave,squat,walk-towards`: clips of `samples/`, scaled to 1920x1080
 * - `--frames 120`: frames of each clip
 * - `--rounds 3`: alternating rounds; the medians are reported
 */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs, promisify } from 'node:util';
import { encodeArguments } from '../../src/encode/encode-command.js';
import { frameHead, NANOSECONDS, streamHead } from '../../src/encode/matroska-stream.js';
import { childEnvironment } from '../../src/system/child-environment.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { decodeAll } from '../support/decoded-clip.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { markdownTable } from './accuracy/reliability.js';
import { benchFolder } from './bench-clips.js';
import { type BenchRow, median, reportBench } from './bench-report.js';
import { watchTree } from './memory/tree-peaks.js';
import { startTimed } from './timed-run.js';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: 'wave,squat,walk-towards' },
    frames: { type: 'string', default: '120' },
    rounds: { type: 'string', default: '3' },
  },
});
const [WIDTH, HEIGHT, FPS, CRF] = [1920, 1080, 30, 23];
const OURS = 'ours';
const PRESETS = ['veryfast', 'superfast', 'ultrafast', OURS] as const;
/** Settings of each preset before one was chosen. */
const PLAIN_PARAMETERS = 'rc-lookahead=0:sync-lookahead=0:sliced-threads=0';

interface Encoded {
  readonly cpuSeconds: number;
  readonly fixed: number;
  readonly bytes: number;
  readonly ssim: number;
}

const { ffmpeg } = await findFfmpeg();

function argumentsOf(preset: (typeof PRESETS)[number]): string[] {
  const args = encodeArguments({
    width: WIDTH,
    height: HEIGHT,
    longest: undefined,
    matrix: 'bt709',
    timescale: FPS * 1000,
    crf: CRF,
    ffmpeg,
  });
  if (preset === OURS) return args;
  const put = (option: string, value: string) => args.splice(args.indexOf(option) + 1, 1, value);
  put('-preset', preset);
  put('-x264-params', PLAIN_PARAMETERS);
  return args;
}

/** The stream that the overlay's encoder reads, in a file. */
async function rawStream(sample: string, path: string): Promise<string> {
  const fit = `scale=${WIDTH}:${HEIGHT}:force_original_aspect_ratio=decrease,pad=${WIDTH}:${HEIGHT}:(ow-iw)/2:(oh-ih)/2,fps=${FPS}`;
  const loops = ['-stream_loop', '5', '-i', join(SAMPLES, `${sample}.mp4`), '-frames:v', values.frames];
  const clip = await makeWithFfmpeg(
    [...loops, '-vf', fit, '-c:v', 'libx264', '-crf', '10', '-pix_fmt', 'yuv420p'],
    `${path}.mp4`,
  );
  const [first, ...rest] = await decodeAll(clip, Number(values.frames));
  if (!first) throw new Error(`${sample}: no frames`);
  await pipeline(async function* () {
    yield streamHead(first, 1 / FPS);
    for (const [i, { data }] of [first, ...rest].entries()) {
      yield frameHead(BigInt(Math.round((i * NANOSECONDS) / FPS)), data.length);
      yield Buffer.from(data); // A stream may keep it.
    }
  }, createWriteStream(path));
  await rm(clip);
  return path;
}

/** Bash measures CPU time, and this process memory. */
async function encode(raw: string, preset: (typeof PRESETS)[number], output: string): Promise<Omit<Encoded, 'ssim'>> {
  const shell = `"$0" "$@" < '${raw}' > '${output}'`;
  const run = startTimed(['bash', '-c', shell, ffmpeg.path, ...argumentsOf(preset)], childEnvironment());
  const [{ fixed }, { cpuSeconds }] = await Promise.all([watchTree(run.pid, run.finished), run.finished]);
  return { cpuSeconds, fixed, bytes: (await stat(output)).size };
}

async function ssimOf(film: string, raw: string): Promise<number> {
  const args = ['-hide_banner', '-i', film, '-f', 'matroska', '-i', raw, '-lavfi', '[0:v][1:v]ssim', '-f', 'null', '-'];
  const { stderr } = await promisify(execFile)(ffmpeg.path, args, { env: childEnvironment(), maxBuffer: 1 << 26 });
  return Number(/All:([\d.]+)/.exec(stderr)?.[1]);
}

async function encodings(folder: string, sample: string): Promise<Map<string, Encoded>> {
  const raw = await rawStream(sample, join(folder, 'raw.mkv'));
  const runs = new Map<string, Encoded[]>(PRESETS.map(preset => [preset, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const preset of PRESETS) {
      const film = join(folder, `${preset}.mp4`);
      const reported = await encode(raw, preset, film);
      const known = runs.get(preset)!;
      known.push({ ...reported, ssim: known[0]?.ssim ?? (await ssimOf(film, raw)) });
    }
  }
  const middle = (all: readonly Encoded[], key: keyof Encoded) => median(all.map(one => one[key]));
  return new Map(
    [...runs].map(([preset, all]) => [
      preset,
      {
        cpuSeconds: middle(all, 'cpuSeconds'),
        fixed: middle(all, 'fixed'),
        bytes: middle(all, 'bytes'),
        ssim: middle(all, 'ssim'),
      },
    ]),
  );
}

/** The same likeness in decibels: between 0.99 and 0.995 lies as much as between 0.98 and 0.99. */
const decibels = (ssim: number) => -10 * Math.log10(1 - ssim);

await using folder = await benchFolder();
const rows: BenchRow[] = [];
for (const sample of values.samples.split(',')) {
  const all = await encodings(folder.path, sample);
  const lines = [...all].map(([preset, { cpuSeconds, fixed, bytes, ssim }]) => [
    preset,
    cpuSeconds.toFixed(2),
    (fixed / 2 ** 20).toFixed(0),
    (bytes / 1e6).toFixed(2),
    `${ssim.toFixed(4)} (${decibels(ssim).toFixed(1)} dB)`,
  ]);
  const head = [`${sample}, ${values.frames} frames of ${WIDTH}x${HEIGHT}`, 'CPU s', 'anonymous MB', 'file MB', 'SSIM'];
  process.stdout.write(`\n${markdownTable(head, lines)}\n`);
  const [ours, usual] = [all.get(OURS)!, all.get('veryfast')!];
  rows.push({
    what: `${sample}: ours beside veryfast`,
    figure: `${(ours.cpuSeconds / usual.cpuSeconds).toFixed(2)} of its CPU time, ${(ours.bytes / usual.bytes).toFixed(2)} of its size, ${(decibels(ours.ssim) - decibels(usual.ssim)).toFixed(1)} dB`,
    bar: 'at most 0.65 of the time and 1.25 of the size',
    reached: ours.cpuSeconds <= 0.65 * usual.cpuSeconds && ours.bytes <= 1.25 * usual.bytes,
    data: Object.fromEntries(all),
  });
}
reportBench('encoders', rows);
