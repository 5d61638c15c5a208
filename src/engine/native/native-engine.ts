import { setImmediate as nextTurn } from 'node:timers/promises';
import { BodyscriptError, shortMessage } from '../../errors.js';
import type { PersonBox } from '../../model/person-box.js';
import type { Picture } from '../../model/picture.js';
import type { Pose } from '../../model/pose.js';
import type { Region } from '../../model/region.js';
import { letterbox } from '../../regions/letterbox.js';
import { wholePicture } from '../../regions/region.js';
import { sampleRegion } from '../../regions/sampling.js';
import { PoseSmoother, type SmootherState } from '../../signal/pose-smoother.js';
import { CACHE_REMEDY, cacheFolder } from '../../system/cache-folder.js';
import { collectGarbage } from '../../system/collect-garbage.js';
import type {
  DetectOptions,
  EngineInfo,
  EngineOptions,
  FindOptions,
  PoseEngine,
  TrackOptions,
} from '../pose-engine.js';
import { type ClockState, RisingClock } from '../rising-clock.js';
import { machineKey } from './mapped/mapped-files.js';
import { type LoadOptions, loadNativeModels } from './native-models.js';
import { Networks } from './networks.js';
import { loadOnnxruntime } from './onnxruntime.js';
import { PERSON_FINDER, PERSON_FINDER_SHA256 } from './person-finder.js';
import { DETECTOR_SIZE, regionsOfDetections } from './pipeline/detections.js';
import { apart, confirmed, distinct } from './pipeline/following.js';
import { decodePose, type FoundPose, LANDMARKS_SIZE } from './pipeline/landmarks.js';
import { FINDER_PLANES, FINDER_SIZE, LEAST_SCORE, peopleOf } from './pipeline/people.js';

/** Value ranges of the networks' inputs: -1 to 1, and 0 to 1. */
const DETECTOR_RANGE = { scale: 1 / 127.5, offset: -1 };
const LANDMARKS_RANGE = { scale: 1 / 255, offset: 0 };

/** When as many people are followed as requested, the detector regularly checks that they are the most visible ones. */
const FRAMES_BETWEEN_CHECKS = 15;
/**
 * Squares that share this part of their area belong to one person. MediaPipe uses `minTracking`, 0.2 by default: of two
 * people who pass each other it would then lose one.
 */
const SAME_PERSON = 0.6;

/** The followed people, and what the engine remembers of them. */
export interface NativeState {
  readonly clock: ClockState;
  readonly smoother: SmootherState;
  readonly followed: readonly Region[];
  readonly sinceDetection: number;
}

/**
 * BlazePose's networks in onnxruntime, inside a pipeline that follows MediaPipe's `PoseLandmarkerGraph`: detect, find
 * landmarks in each person's region, and for video search there again in the next frame.
 */
export class NativeEngine implements PoseEngine {
  readonly info: EngineInfo;
  readonly #options: EngineOptions;
  readonly #networks: Networks;
  readonly #clock = new RisingClock();
  readonly #smoother = new PoseSmoother();
  #followed: readonly Region[] = [];
  /** Frames since the detector last ran. */
  #sinceDetection = 0;

  private constructor(options: EngineOptions, networks: Networks, info: EngineInfo) {
    this.#options = options;
    this.#networks = networks;
    this.info = info;
  }

  /**
   * @throws BodyscriptError `ENGINE_MISSING`, `PROVIDER_MISSING`, `MODEL_MISSING`, `MODEL_INVALID`, `MODEL_HASH`,
   * `CACHE_UNSAFE`
   */
  static async create(options: EngineOptions): Promise<NativeEngine> {
    const engine = await NativeEngine.#load(options);
    // The networks' bytes can be freed once onnxruntime's own calls have returned.
    await nextTurn();
    collectGarbage();
    return engine;
  }

  static async #load(options: EngineOptions): Promise<NativeEngine> {
    const models = await loadNativeModels(options.model, {
      expectedSha256: options.modelSha256,
      machine: await machineOf(options),
      helpers: options.helpers ?? false,
    });
    const networks = await Networks.create(models, options);
    const { version, provider } = networks;
    const { name: model, sha256: modelSha256, place } = models;
    const refiner = models.refiner && { model: models.refiner.model, modelSha256: models.refiner.modelSha256 };
    const finder = { model: PERSON_FINDER, modelSha256: PERSON_FINDER_SHA256 };
    const info = { name: 'native', version, model, modelSha256, refiner, finder, provider, ...place };
    return new NativeEngine(options, networks, info);
  }

  async detect(
    image: Picture,
    { region, refine = false, most = this.#options.people }: DetectOptions = {},
  ): Promise<Pose[]> {
    return this.#guard(async () => {
      const regions = region ? [region] : (await this.#detectPeople(image)).slice(0, most);
      return this.#findPoses(image, regions, refine);
    });
  }

  async track(image: Picture, timestamp: number, { region }: TrackOptions = {}): Promise<Pose[]> {
    return this.#guard(async () => {
      if (region && this.#followed.length < this.#options.people) this.#followed = [...this.#followed, region];
      const microseconds = this.#clock.next(timestamp);
      const found = this.#smoothed(await this.#findPoses(image, await this.#whereToLook(image)), microseconds, image);
      // Unsmoothed, as in `PoseLandmarkerGraph`. Its predecessor `PoseLandmarkCpu` smooths the two points of each
      // region: steadier if the hips are outside the picture, but quick or half-visible bodies leave a square that lags
      // behind them.
      this.#followed = found.map(({ next }) => next);
      return [...found];
    });
  }

  /** @throws BodyscriptError `MODEL_MISSING`, `MODEL_HASH`, on the first call */
  async findPeople(image: Picture, { leastScore = LEAST_SCORE, area }: FindOptions = {}): Promise<PersonBox[]> {
    const part = {
      left: Math.max(0, area?.left ?? 0),
      top: Math.max(0, area?.top ?? 0),
      right: Math.min(image.width, area?.right ?? image.width),
      bottom: Math.min(image.height, area?.bottom ?? image.height),
    };
    if (!(part.left < part.right && part.top < part.bottom)) return [];
    const input = await this.#networks.finderInput();
    return this.#guard(async () => {
      const seen = letterbox(image, part, FINDER_SIZE, FINDER_PLANES, input);
      return peopleOf(await this.#networks.findPeople(), seen, part, leastScore);
    });
  }

  async reset(): Promise<void> {
    this.#clock.restart();
    this.#smoother.reset();
    this.#followed = [];
    this.#sinceDetection = 0;
  }

  async save(): Promise<NativeState> {
    return {
      clock: this.#clock.save(),
      smoother: this.#smoother.save(),
      followed: this.#followed,
      sinceDetection: this.#sinceDetection,
    };
  }

  async restore(state: NativeState): Promise<void> {
    this.#clock.restore(state.clock);
    this.#smoother.restore(state.smoother);
    this.#followed = state.followed;
    this.#sinceDetection = state.sinceDetection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#networks[Symbol.asyncDispose]();
  }

  /** Where to search in the next frame of a video. */
  async #whereToLook(image: Picture): Promise<readonly Region[]> {
    const { people } = this.#options;
    const same = people > 1 ? SAME_PERSON : this.#options.minTracking;
    const isFull = this.#followed.length >= people;
    this.#sinceDetection++;
    // One person is followed as in MediaPipe, without a second detection.
    if (isFull && (people === 1 || this.#sinceDetection < FRAMES_BETWEEN_CHECKS)) {
      return apart(this.#followed, same);
    }
    this.#sinceDetection = 0;
    const fresh = await this.#detectPeople(image);
    const regions = isFull ? confirmed(this.#followed, fresh, same) : [...this.#followed, ...fresh];
    return apart(regions, same).slice(0, people);
  }

  async #detectPeople(image: Picture): Promise<Region[]> {
    const whole = wholePicture(image.width, image.height);
    sampleRegion(image, whole, DETECTOR_SIZE, 'black', DETECTOR_RANGE, this.#networks.detectorInput);
    const { boxes, scores } = await this.#networks.detect();
    return regionsOfDetections(boxes, scores, whole, this.#options.minDetection);
  }

  /** The poses in regions that contain a person. */
  async #findPoses(image: Picture, regions: readonly Region[], refine = false): Promise<FoundPose[]> {
    const found: FoundPose[] = [];
    if (refine) await this.#networks.prepareRefiner();
    for (const region of regions) {
      sampleRegion(image, region, LANDMARKS_SIZE, 'nearest', LANDMARKS_RANGE, this.#networks.landmarksInput);
      const tensors = await this.#networks.findLandmarks(refine);
      if (tensors.presence > this.#options.minPresence) {
        found.push(decodePose(tensors, region, image.width, image.height));
      }
    }
    return found;
  }

  /** A single person is smoothed from frame to frame, several are not, as in MediaPipe. */
  #smoothed(found: readonly FoundPose[], microseconds: number, { width, height }: Picture): readonly FoundPose[] {
    const [first] = found;
    if (this.#options.people > 1) return distinct(found);
    if (!first) {
      this.#smoother.reset();
      return [];
    }
    const { next } = first;
    return [{ ...this.#smoother.smooth(first, next.size, microseconds, width, height), next }];
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new BodyscriptError('ENGINE_FAILED', `onnxruntime failed on a frame (${shortMessage(cause)})`, {
        cause,
        remedy: 'Try --engine mediapipe, and please report this, with the video if possible.',
      });
    }
  }
}

/** What mapped networks depend on; they are built only for the CPU. */
async function machineOf({ provider }: EngineOptions): Promise<LoadOptions['machine']> {
  if (provider !== 'cpu') return { reason: `mapped networks work on the CPU only, not with --provider ${provider}` };
  if (cacheFolder() === undefined) return { reason: `no cache; to have one, ${CACHE_REMEDY}` };
  const { env } = await loadOnnxruntime();
  return { key: await machineKey(env.versions.node ?? 'unknown') };
}
