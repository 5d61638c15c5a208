/** The worker thread's side: one engine, one call at a time. Started by `worker-engine.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { toPlainError } from '../../errors.js';
import type { Picture } from '../../model/picture.js';
import { adoptMemory, type SharedMemory } from '../../model/picture-memory.js';
import type { EngineOptions, PoseEngine } from '../pose-engine.js';
import { packPose } from './packed-pose.js';
import type { EngineName, SentPicture, WorkerRequest, WorkerSetup } from './protocol.js';

/** Loaded only when chosen: each takes tens of megabytes. */
const ENGINES: Readonly<Record<EngineName, (options: EngineOptions) => Promise<PoseEngine>>> = {
  native: async options => (await import('../native/native-engine.js')).NativeEngine.create(options),
  mediapipe: async options => (await import('../mediapipe/mediapipe-engine.js')).MediaPipeEngine.create(options),
};

/** The memory that holds the pictures of the video. */
let memory: SharedMemory | undefined;

function pictureOf(image: SentPicture): Picture {
  if ('data' in image) return image;
  const { width, height, matrix, at, bytes } = image;
  if (image.memory) adoptMemory(image.memory);
  memory = image.memory ?? memory;
  if (!memory) throw new TypeError('a picture came without its memory');
  return { width, height, matrix, data: new Uint8Array(memory.buffer, at, bytes) };
}

async function answer(engine: PoseEngine, request: WorkerRequest): Promise<unknown> {
  switch (request.call) {
    case 'detect':
      return (await engine.detect(pictureOf(request.image), request.options)).map(packPose);
    case 'track':
      return (await engine.track(pictureOf(request.image), request.timestamp, request.options)).map(packPose);
    case 'findPeople':
      return engine.findPeople(pictureOf(request.image), request.options);
    case 'reset':
      memory = undefined;
      return engine.reset();
    case 'save':
      return engine.save();
    case 'restore':
      return engine.restore(request.state);
    case 'close':
      return engine[Symbol.asyncDispose]();
  }
}

async function reply(work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  try {
    const value = await work();
    parentPort?.postMessage({ value, busyMs: performance.now() - start });
  } catch (error) {
    parentPort?.postMessage({ error: toPlainError(error) });
  }
}

const { engine: name, options } = workerData as WorkerSetup;
await reply(async () => {
  const engine = await ENGINES[name](options);
  parentPort?.on('message', (request: WorkerRequest) => {
    void reply(() => answer(engine, request)).then(() => {
      if (request.call === 'close') parentPort?.close();
    });
  });
  return engine.info;
});
