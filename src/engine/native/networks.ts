import { setImmediate as nextTurn } from 'node:timers/promises';
import type * as Onnxruntime from 'onnxruntime-node';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { collectGarbage } from '../../system/collect-garbage.js';
import type { EngineOptions } from '../pose-engine.js';
import { INPUT_NAME, outputName } from './convert/tensor-names.js';
import type { NativeModels } from './native-models.js';
import type { NetworkFile } from './network-file.js';
import { loadOnnxruntime, type Runtime } from './onnxruntime.js';
import { DETECTOR_SIZE } from './pipeline/detections.js';
import { LANDMARKS_SIZE, type LandmarkTensors } from './pipeline/landmarks.js';
import { FINDER_SIZE, type FinderTensors } from './pipeline/people.js';
import { providerMissing, providersToTry, type UsedProvider } from './providers.js';

/** Settings of onnxruntime for a network: one call at a time, and the same sums in each run. */
const SESSION_OPTIONS = {
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // One block planned for all tensors adds to the arena: 10 MB more for three networks, without a gain in time.
  enableMemPattern: false,
} as const;

/** For a network that seldom runs: returns its working memory after each run. 12 MB less, and no slower. */
const RARE_OPTIONS = { enableCpuMemArena: false } as const;

function modelInvalid(name: string, cause: unknown): BodyscriptError {
  return new BodyscriptError('MODEL_INVALID', `${name}: onnxruntime cannot load it (${shortMessage(cause)})`, {
    cause,
    remedy: 'Use --model lite, full or heavy, or --engine mediapipe.',
  });
}

/** Loads a network; if its file was replaced or written meanwhile, loads the right bytes instead. */
async function createSession(
  runtime: Runtime,
  network: NetworkFile,
  options: Onnxruntime.InferenceSession.SessionOptions,
): Promise<Onnxruntime.InferenceSession> {
  const { create } = runtime.InferenceSession;
  if (network instanceof Uint8Array) return create(network, options);
  // A mapped graph is already optimised; optimising it again would copy its weights.
  const level = network.isMapped ? ({ graphOptimizationLevel: 'disabled' } as const) : {};
  const session = await create(network.path, { ...options, ...level }).catch(async cause => {
    if (await network.isUnchanged()) throw cause;
  });
  if (session && (await network.isUnchanged())) return session;
  await session?.release();
  return create(await network.bytes(), options);
}

/**
 * A network with its input, which the caller fills in place before each run, and its outputs, which each run fills in
 * place.
 */
class Network {
  readonly input: Float32Array;
  readonly #session: Onnxruntime.InferenceSession;
  readonly #feeds: Record<string, Onnxruntime.Tensor>;
  readonly #fetches: Record<string, Onnxruntime.Tensor> = {};
  readonly #outputs: Record<string, Float32Array> = {};

  constructor(runtime: Runtime, session: Onnxruntime.InferenceSession, size: number) {
    this.#session = session;
    this.input = new Float32Array(3 * size * size);
    this.#feeds = { [INPUT_NAME]: new runtime.Tensor('float32', this.input, [1, 3, size, size]) };
    for (const output of session.outputMetadata) {
      if (!output.isTensor) continue;
      const shape = output.shape.map(Number);
      const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
      this.#outputs[output.name] = data;
      this.#fetches[output.name] = new runtime.Tensor('float32', data, shape);
    }
  }

  /** Runs the network on `input`. */
  async run(): Promise<void> {
    await this.#session.run(this.#feeds, this.#fetches);
  }

  /** An output by its index, as the last run left it. */
  output(index: number): Float32Array {
    return this.#outputs[outputName(index)]!;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** Networks that are loaded on first use. */
interface Loaders {
  readonly refiner: (() => Promise<Network>) | undefined;
  readonly finder: () => Promise<Network>;
}

/** BlazePose's two networks in onnxruntime, and the additional ones. */
export class Networks implements AsyncDisposable {
  readonly #detector: Network;
  readonly #landmarks: Network;
  readonly #loaders: Loaders;
  #refiner: Network | undefined;
  #finder: Network | undefined;
  /** Of onnxruntime. */
  readonly version: string;
  readonly provider: UsedProvider;

  private constructor(
    detector: Network,
    landmarks: Network,
    loaders: Loaders,
    version: string,
    provider: UsedProvider,
  ) {
    this.#detector = detector;
    this.#landmarks = landmarks;
    this.#loaders = loaders;
    this.version = version;
    this.provider = provider;
  }

  /** @throws BodyscriptError `ENGINE_MISSING`, `PROVIDER_MISSING`, `MODEL_INVALID` */
  static async create(
    models: NativeModels,
    { threads, provider }: Pick<EngineOptions, 'threads' | 'provider'>,
  ): Promise<Networks> {
    const runtime = await loadOnnxruntime();
    const [first, ...others] = providersToTry(provider, process.platform);
    for (const chosen of [first, ...others]) {
      try {
        return await Networks.#createOn(runtime, models, chosen!, threads);
      } catch (cause) {
        if (chosen !== 'cpu' && others.length === 0) throw providerMissing(chosen!, cause);
        if (chosen === 'cpu') throw modelInvalid(models.name, cause);
      }
    }
    throw new BodyscriptError('INTERNAL', 'no provider was tried');
  }

  static async #createOn(runtime: Runtime, models: NativeModels, provider: UsedProvider, threads: number) {
    const options = { ...SESSION_OPTIONS, intraOpNumThreads: threads, executionProviders: [provider] };
    const create = async (file: NetworkFile, size: number, more: Onnxruntime.InferenceSession.SessionOptions = {}) => {
      const session = await createSession(runtime, file, { ...options, ...more });
      return new Network(runtime, session, size);
    };
    const { refiner } = models;
    return new Networks(
      await create(models.detector, DETECTOR_SIZE, RARE_OPTIONS),
      await create(models.landmarks, LANDMARKS_SIZE),
      {
        refiner: refiner && (async () => create(await refiner.load(), LANDMARKS_SIZE, RARE_OPTIONS)),
        finder: async () => create(await models.loadFinder(), FINDER_SIZE, RARE_OPTIONS),
      },
      runtime.env.versions.node ?? 'unknown',
      provider,
    );
  }

  /** 3 planes of 224 x 224 in [-1, 1]; fill them before `detect`. */
  get detectorInput(): Float32Array {
    return this.#detector.input;
  }

  /** 3 planes of 256 x 256 in [0, 1]; fill them before `findLandmarks`. */
  get landmarksInput(): Float32Array {
    return this.#landmarks.input;
  }

  /** Loads the refining network, if it exists and is not loaded yet. */
  async prepareRefiner(): Promise<void> {
    if (this.#refiner || !this.#loaders.refiner) return;
    this.#refiner = await this.#loaders.refiner();
    await nextTurn();
    collectGarbage(); // The network's bytes.
  }

  /**
   * The input of the person finder, `FINDER_PLANES` of 416 x 416; fill it before `findPeople`. Loads the network, if it
   * is not loaded yet.
   * @throws BodyscriptError `MODEL_MISSING`, `MODEL_HASH`
   */
  async finderInput(): Promise<Float32Array> {
    if (!this.#finder) {
      this.#finder = await this.#loaders.finder();
      await nextTurn();
      collectGarbage();
    }
    return this.#finder.input;
  }

  /** Call it after `finderInput`. Valid until the next call. */
  async findPeople(): Promise<FinderTensors> {
    const network = this.#finder;
    if (!network) throw new BodyscriptError('INTERNAL', 'the person finder was not loaded');
    await network.run();
    const grids = [0, 1, 2];
    return {
      scores: grids.map(grid => network.output(grid)),
      distances: grids.map(grid => network.output(grids.length + grid)),
    };
  }

  /** Valid until the next call. */
  async detect(): Promise<{ boxes: Float32Array; scores: Float32Array }> {
    const network = this.#detector;
    await network.run();
    return { boxes: network.output(0), scores: network.output(1) };
  }

  /** Valid until the next call. */
  async findLandmarks(refine = false): Promise<LandmarkTensors> {
    const network = (refine && this.#refiner) || this.#landmarks;
    if (network !== this.#landmarks) network.input.set(this.landmarksInput);
    await network.run();
    const [presence] = network.output(1);
    return { points: network.output(0), presence: presence!, heatmap: network.output(3), world: network.output(4) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#detector.release();
    await this.#landmarks.release();
    await this.#refiner?.release();
    await this.#finder?.release();
  }
}
