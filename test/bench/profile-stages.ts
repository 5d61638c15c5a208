import { readdirSync, readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector/promises';
import { join } from 'node:path';

/** The work of a thread, by function and file of its code; the first match counts. */
type Stages = readonly (readonly [stage: string, where: RegExp])[];

const ANYWHERE: Stages = [
  ['waiting', /^\(idle\)/],
  ['garbage', /^\(garbage collector\)/],
];

/** Of the engine's thread. */
const ENGINE: Stages = [
  ...ANYWHERE,
  ['onnxruntime', /onnxruntime-node\/dist\/backend|onnxruntime-common/],
  ['sampling', /^wasm-|wasm:|\/regions\//],
  ['landmarks', /\/engine\/native\/pipeline\//],
  ['smoothing', /\/signal\//],
  ['messages', /^(postMessage|emitMessage|receiveMessageOnPort)|\/engine\/worker\/|worker\/io|messageport/],
  ['engine', /\/engine\//],
];

/** Of the main thread. */
const MAIN: Stages = [
  ...ANYWHERE,
  ['decoder pipe', /\/system\/(byte-pipe|child-process)|\/decode\/|^read |node:net|stream_base_commons/],
  ['judging', /\/tracking\/|\/signal\/|\/strategies\//],
  ['drawing', /\/draw\//],
  [
    'encoder pipe',
    /\/encode\/|\/outputs\/(overlay|preview)|^(writev|writeBuffer|writeUtf8String|shutdown) |internal\/streams/,
  ],
  [
    'rows',
    /\/(formats|outputs)\/|csv-stringify|\/system\/(whole-file|growing-output)|node:internal\/fs|^(writeBuffer|writeString)/,
  ],
  ['messages', /^(postMessage|emitMessage)|\/engine\/worker\/|worker\/io|messageport/],
  ['run', /\/analyze\/|\/batch\//],
];

/** The beginning contains start-up and code that is not optimised yet. */
const BEGINNING = 0.4;

export interface StageTime {
  readonly thread: 'engine' | 'main';
  readonly stage: string;
  /** Milliseconds per frame. */
  readonly ms: number;
}

/**
 * The time of a run by stage, from the profiles that `node --cpu-prof` wrote for its threads.
 * @param frames of the whole run
 */
export function stageTimes(folder: string, frames: number): StageTime[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.cpuprofile'))
    .flatMap(name => threadTimes(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profiler.Profile, frames));
}

function threadTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, frames: number): StageTime[] {
  const places = new Map(nodes.map(node => [node.id, placeOf(node)]));
  const isEngine = [...places.values()].some(place => place.includes('onnxruntime-node/dist/backend'));
  const stages = isEngine ? ENGINE : MAIN;
  const from = Math.floor(samples.length * BEGINNING);
  const times = new Map<string, number>();
  for (let i = from; i < samples.length; i++) {
    const place = places.get(samples[i]!) ?? '';
    const stage = stages.find(([, where]) => where.test(place))?.[0] ?? 'other';
    times.set(stage, (times.get(stage) ?? 0) + timeDeltas[i]! / 1000);
  }
  const counted = frames * (1 - BEGINNING);
  return [...times]
    .map(([stage, ms]) => ({ thread: isEngine ? ('engine' as const) : ('main' as const), stage, ms: ms / counted }))
    .sort((a, b) => b.ms - a.ms);
}

const placeOf = ({ callFrame: { functionName, url } }: Profiler.ProfileNode) => `${functionName} ${url}`;
