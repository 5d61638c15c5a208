// Plain JavaScript, since it loads the built program like users. Each step is part of a run's start, one after another
// in one process.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const DIST = new URL('../../../dist/', import.meta.url);
const load = path => import(new URL(path, DIST).href);
const kept = [];

async function reported(name, work = () => {}) {
  kept.push(await work());
  await sleep(50);
  const text = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const field = key => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  const { heapTotal, heapUsed, arrayBuffers } = process.memoryUsage();
  const sizes = { rss: field('Rss'), fixed: field('Anonymous'), heapTotal, heapUsed, arrayBuffers };
  process.stdout.write(`${JSON.stringify({ name, ...sizes, ms: performance.now() })}\n`);
}

await reported('node itself');
await reported('command line: main, commander', async () => [await load('cli/main.js'), await load('cli/program.js')]);
await reported('zod', () => load('vendor/zod.js'));
await reported('options: tables and schemas', () => load('options/analyze-table.js'));
await reported('configuration, layers', () => load('cli/load-options.js'));
await reported('fluent-ffmpeg, ffmpeg, decoding', () => load('decode/input.js'));
await reported('outputs and analysis', () => load('analyze/analyze-video.js'));
await reported('batch, ledger, progress', () => load('cli/analyze-command.js'));
await reported('a thread that does nothing', () => {
  const thread = new Worker('setInterval(() => {}, 1000)', {
    eval: true,
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  return new Promise(resolve => thread.on('online', () => resolve(thread)));
});
const { Networks, loadOnnxruntime } = await load('engine/native/networks.js');
const { loadNativeModels } = await load('engine/native/native-models.js');
await reported("the native engine's code", () => load('engine/native/native-engine.js'));
await reported('onnxruntime', loadOnnxruntime);
const models = await loadNativeModels('auto');
let networks;
await reported('detector and full network loaded', async () => {
  networks = await Networks.create(models, { threads: 1, provider: 'cpu' });
});
await reported('first run of the detector', () => networks.detect());
await reported('first run of the full network', () => networks.findLandmarks());
await reported('refining network loaded', () => networks.prepareRefiner());
await reported('first refined pose', () => networks.findLandmarks(true));
await reported('person finder loaded', () => networks.finderInput());
await reported('first run of the person finder', () => networks.findPeople());
await reported('two frames of 1088x1920', () => {
  const frames = [0, 1].map(() => new Uint8Array(new SharedArrayBuffer((1088 * 1920 * 3) / 2)));
  for (const frame of frames) frame.fill(1);
  return frames;
});
process.exit(0);
