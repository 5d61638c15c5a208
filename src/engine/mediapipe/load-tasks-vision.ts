import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { PoseLandmarker, PoseLandmarkerOptions } from '@mediapipe/tasks-vision';
import { StandInCanvas } from './stand-in-canvas.js';
import { stopUsageLogging } from './usage-logging.js';

const require = createRequire(import.meta.url);

/** Globals of a browser that tasks-vision looks up. */
interface BrowserGlobals {
  self?: unknown;
  navigator?: unknown;
  WebGLRenderingContext?: unknown;
  WebGL2RenderingContext?: unknown;
  ModuleFactory?: unknown;
  Module?: unknown;
}

/** Makes this thread resemble a browser. Give the engine its own thread: these are global. */
function pretendBrowser(scope: BrowserGlobals): void {
  scope.self ??= scope;
  scope.navigator ??= { userAgent: 'node', platform: process.platform };
  scope.WebGLRenderingContext ??= class {};
  scope.WebGL2RenderingContext ??= class {};
}

/**
 * From this Node version on, V8 aborts the process (`Check failed: function_feedback`) if the flag is set after start:
 * `startLean` sets it earlier.
 */
const NO_LATE_FLAG_FROM_NODE = 25;

/** Code of the baseline compiler takes 70 MB more than that of the optimising one, and starts 0.8 s faster. */
function saveCompiledCodeMemory(): void {
  if (Number.parseInt(process.versions.node, 10) < NO_LATE_FLAG_FROM_NODE) setFlagsFromString('--no-liftoff');
}

export function tasksVisionVersion(): string {
  const folder = require.resolve('@mediapipe/tasks-vision').replace(/[^/\\]+$/, '');
  return (require(`${folder}package.json`) as { version: string }).version;
}

/** The only address that `fetch` answers in this thread. */
const MODEL_ADDRESS = 'bodyscript:model';

/**
 * Supplies the model as a download, which tasks-vision copies less often than a buffer (10 MB less), and blocks every
 * other `fetch` of this thread: a second safeguard behind `stopUsageLogging`.
 */
function answerFetchWith(model: Uint8Array<ArrayBuffer> | undefined): void {
  globalThis.fetch = async address => {
    if (address !== MODEL_ADDRESS || !model) throw new TypeError('this program makes no network requests');
    const { buffer, byteOffset, byteLength } = model;
    const bytes = byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
    // A real Response would make two more copies of the model.
    return { ok: true, status: 200, arrayBuffer: async () => bytes } as Response;
  };
}

/**
 * A PoseLandmarker of tasks-vision on the CPU, in plain Node, without its usage logging.
 * @param model bytes of a `.task` bundle
 * @param log receives the lines that MediaPipe would print
 * @throws Error of tasks-vision; its message may be very long
 */
export async function createPoseLandmarker(
  model: Uint8Array<ArrayBuffer>,
  options: Omit<PoseLandmarkerOptions, 'baseOptions' | 'canvas'>,
  log: (line: string) => void,
): Promise<PoseLandmarker> {
  const scope = globalThis as BrowserGlobals;
  pretendBrowser(scope);
  saveCompiledCodeMemory();
  const [{ default: ModuleFactory }, { PoseLandmarker }] = await Promise.all([
    import('@mediapipe/tasks-vision/vision_wasm_module_internal.js' as string) as Promise<{ default: unknown }>,
    import('@mediapipe/tasks-vision'),
  ]);
  const stoppedLoggers = stopUsageLogging(PoseLandmarker);
  // Each `createFromOptions` consumes both.
  scope.ModuleFactory = ModuleFactory;
  scope.Module = { print: log, printErr: log };
  const wasmBinaryPath = require.resolve('@mediapipe/tasks-vision/vision_wasm_module_internal.wasm');
  const canvas = new StandInCanvas() as unknown as NonNullable<PoseLandmarkerOptions['canvas']>;
  answerFetchWith(model);
  const landmarker = await PoseLandmarker.createFromOptions(
    { wasmLoaderPath: '', wasmBinaryPath },
    { ...options, baseOptions: { modelAssetPath: MODEL_ADDRESS, delegate: 'CPU' }, canvas },
  );
  if (stoppedLoggers() === 0) {
    landmarker.close();
    throw new Error('usage logging of this tasks-vision could not be switched off; install version 1.1.0');
  }
  answerFetchWith(undefined);
  return landmarker;
}
