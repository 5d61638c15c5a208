import type { PoseLandmarker, PoseLandmarkerResult } from '@mediapipe/tasks-vision';
import { BodyscriptError, shortMessage } from '../../errors.js';
import { isYuv, type Picture, type RgbaImage, toRgba } from '../../model/picture.js';
import type { Pose } from '../../model/pose.js';
import { cropRegion, fromCrop, searchSide } from '../../regions/crop.js';
import { collectGarbage } from '../../system/collect-garbage.js';
import { loadModel } from '../models/model-store.js';
import type { DetectOptions, EngineInfo, EngineOptions, PoseEngine } from '../pose-engine.js';
import { RisingClock } from '../rising-clock.js';
import { createPoseLandmarker, tasksVisionVersion } from './load-tasks-vision.js';

type RunningMode = 'IMAGE' | 'VIDEO';

function toPoses(result: PoseLandmarkerResult): Pose[] {
  return result.landmarks.map((landmarks, person) => ({
    landmarks: landmarks.map(({ x, y, z, visibility }) => ({ x, y, z, visibility })),
    worldLandmarks: (result.worldLandmarks[person] ?? []).map(({ x, y, z }) => ({ x, y, z })),
  }));
}

/**
 * Google's MediaPipe Pose Landmarker (tasks-vision, WASM, CPU) behind the engine contract. It blocks its thread while
 * it runs, and needs some browser globals there: `engine/worker` gives it its own thread.
 */
export class MediaPipeEngine implements PoseEngine {
  readonly info: EngineInfo;
  readonly #landmarker: PoseLandmarker;
  readonly #clock = new RisingClock();
  #mode: RunningMode;
  #pixels: Uint8Array | undefined;

  private constructor(landmarker: PoseLandmarker, info: EngineInfo, mode: RunningMode) {
    this.#landmarker = landmarker;
    this.info = info;
    this.#mode = mode;
  }

  /**
   * Loads the model and starts the landmarker.
   * @throws BodyscriptError `MODEL_MISSING`, `MODEL_INVALID`, `MODEL_HASH`, `CACHE_UNSAFE`
   */
  static async create(options: EngineOptions): Promise<MediaPipeEngine> {
    const engine = await MediaPipeEngine.#load(options);
    // Loading leaves copies of the model and of the WASM code: 20 MB.
    collectGarbage();
    return engine;
  }

  static async #load(options: EngineOptions): Promise<MediaPipeEngine> {
    const model = await loadModel(options.model === 'auto' ? 'full' : options.model, options.modelSha256);
    const runningMode = 'VIDEO';
    try {
      const landmarker = await createPoseLandmarker(
        model.bytes,
        {
          runningMode,
          numPoses: options.people,
          minPoseDetectionConfidence: options.minDetection,
          minPosePresenceConfidence: options.minPresence,
          minTrackingConfidence: options.minTracking,
        },
        () => {}, // MediaPipe logs its progress at length; it throws its failures.
      );
      const info = {
        name: 'mediapipe',
        version: tasksVisionVersion(),
        model: model.name,
        modelSha256: model.sha256,
        provider: 'cpu',
        followsItself: true,
      } as const;
      return new MediaPipeEngine(landmarker, info, runningMode);
    } catch (cause) {
      const message = `${model.name}: MediaPipe cannot load the model (${shortMessage(cause)})`;
      throw new BodyscriptError('MODEL_INVALID', message, {
        remedy: 'Use --model lite, full or heavy, or download the .task file again.',
      });
    }
  }

  async detect(image: Picture, { region }: DetectOptions = {}): Promise<Pose[]> {
    await this.#run('IMAGE');
    this.#clock.passPicture();
    const seen = region
      ? cropRegion(image, region, { side: searchSide(region.size), border: 'black' })
      : this.#rgba(image);
    const poses = this.#guard(() => toPoses(this.#landmarker.detect(asImageSource(seen))));
    return region ? poses.slice(0, 1).map(pose => fromCrop(pose, region, seen.width, image)) : poses;
  }

  async track(image: Picture, timestamp: number): Promise<Pose[]> {
    await this.#run('VIDEO');
    // tasks-vision takes milliseconds and truncates them to microseconds: the added half prevents losing one to
    // rounding.
    const milliseconds = (this.#clock.next(timestamp) + 0.5) / 1000;
    return this.#guard(() => toPoses(this.#landmarker.detectForVideo(asImageSource(this.#rgba(image)), milliseconds)));
  }

  /** MediaPipe's bundle has no such network. */
  async findPeople(): Promise<undefined> {
    return undefined;
  }

  async reset(): Promise<void> {
    this.#clock.restart();
    // Setting the mode again rebuilds the graph, which forgets the followed people.
    if (this.#mode === 'VIDEO') await this.#landmarker.setOptions({ runningMode: 'VIDEO' });
  }

  /** MediaPipe's graph keeps its state in its own memory, which is inaccessible. */
  async save(): Promise<undefined> {
    return undefined;
  }

  async restore(): Promise<void> {
    throw new TypeError("MediaPipe's engine has no state that could be restored");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#landmarker.close();
  }

  /** MediaPipe reads RGBA; one picture's buffer is reused for the next. */
  #rgba(picture: Picture): RgbaImage {
    const image = toRgba(picture, this.#pixels);
    if (isYuv(picture)) this.#pixels = image.data;
    return image;
  }

  async #run(mode: RunningMode): Promise<void> {
    if (this.#mode === mode) return;
    await this.#landmarker.setOptions({ runningMode: mode });
    this.#mode = mode;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw new BodyscriptError('ENGINE_FAILED', `MediaPipe failed on a frame (${shortMessage(cause)})`, {
        remedy: 'Please report this, with the video if possible.',
      });
    }
  }
}

/** tasks-vision accepts anything that the stand-in canvas can read as a texture. */
function asImageSource(image: RgbaImage): Parameters<PoseLandmarker['detect']>[0] {
  return image as unknown as Parameters<PoseLandmarker['detect']>[0];
}
