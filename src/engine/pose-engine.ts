import type { Box, PersonBox } from '../model/person-box.js';
import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';

/** The settings of an engine. */
export interface EngineOptions {
  /** `lite`, `full`, `heavy`, the path of a `.task` bundle, or `auto`: full, refined by heavy if the engine can. */
  readonly model: string;
  /** Rejects a model with another SHA-256 (hexadecimal). */
  readonly modelSha256?: string | undefined;
  /** Number of people to find, at least 1. */
  readonly people: number;
  /** Minimum score of the person detector, 0-1. */
  readonly minDetection: number;
  /** Minimum presence score of a pose, 0-1. */
  readonly minPresence: number;
  /** Minimum score for following a pose without a new detection, 0-1. */
  readonly minTracking: number;
  /** Threads of one network's run, at least 1. The `mediapipe` engine always has one. */
  readonly threads: number;
  /** What runs the networks. The `mediapipe` engine supports only the CPU. */
  readonly provider: Provider;
  /**
   * Whether poses will be refined and people searched for, so that the networks for that are prepared before the first
   * frame. Default: false.
   */
  readonly helpers?: boolean | undefined;
}

/**
 * onnxruntime's execution providers by name; `auto`: a graphics card or Apple's neural engine if usable, otherwise the
 * CPU.
 */
export const PROVIDERS = ['cpu', 'cuda', 'coreml', 'auto'] as const;
/** An execution provider of onnxruntime. @useDeclaredType */
export type Provider = (typeof PROVIDERS)[number];

/** A description of the engine, for the run record. */
export interface EngineInfo {
  readonly name: string;
  readonly version: string;
  readonly model: string;
  readonly modelSha256: string;
  /** The network that refines doubtful poses, loaded on first use; undefined if only the usual one exists. */
  readonly refiner?: { readonly model: string; readonly modelSha256: string } | undefined;
  /** The network of `findPeople`, loaded on the first call; undefined if the engine has none. */
  readonly finder?: { readonly model: string; readonly modelSha256: string } | undefined;
  /** What runs the networks. */
  readonly provider: Exclude<Provider, 'auto'>;
  /**
   * Where the networks' weights are: mapped from files that all processes share, or copied into the memory of each.
   * Undefined if the engine does not distinguish.
   */
  readonly weights?: 'mapped' | 'copied' | undefined;
  /** Why weights are copied. */
  readonly reason?: string | undefined;
  /** Whether its own `track`, which also smooths, follows people better than retries at their squares. */
  readonly followsItself?: boolean | undefined;
}

/** Where to search. */
export interface DetectOptions {
  /**
   * Searches for one person in this square only: hips at its centre, upright along its own axes, as large as the
   * person's reach.
   */
  readonly region?: Region | undefined;
  /** Uses the more accurate and slower network, if the engine has one. */
  readonly refine?: boolean | undefined;
  /** Searches for up to this many people instead of the engine's own number, if the engine can. */
  readonly most?: number | undefined;
}

/** Hints for following. */
export interface TrackOptions {
  /**
   * Where other means found a person: the engine follows them from there, if it can. Has no effect while enough people
   * are followed.
   */
  readonly region?: Region | undefined;
}

/** How to search for people. */
export interface FindOptions {
  /** Minimum score of a person, 0-1; 0.35 by default. */
  readonly leastScore?: number | undefined;
  /**
   * Searches only this part of the picture, in pixels; it reveals smaller people than the whole does. Works best at
   * about twice a person's height: a person who nearly fills it is often missed. Anything beyond the picture is
   * ignored.
   */
  readonly area?: Box | undefined;
}

/** Finds people in pictures. Make one call at a time; the picture may be reused once the call has settled. */
export interface PoseEngine extends AsyncDisposable {
  readonly info: EngineInfo;
  /** Finds people in one picture; keeps nothing between calls. */
  detect(image: Picture, options?: DetectOptions): Promise<Pose[]>;
  /** Follows people from picture to picture. `timestamp` in seconds; should rise within one video, and may repeat. */
  track(image: Picture, timestamp: number, options?: TrackOptions): Promise<Pose[]>;
  /**
   * Finds the boxes of all people in one picture, including many and small ones, the most certain first; keeps nothing
   * between calls. Boxes are in pixels of the whole picture, clamped to the searched part. Undefined if the engine has
   * no network for it (`info.finder`).
   */
  findPeople(image: Picture, options?: FindOptions): Promise<readonly PersonBox[] | undefined>;
  /** Forgets the people it followed: call it before another video. */
  reset(): Promise<void>;
  /** The state of following, as a plain value that `restore` takes; undefined if the engine cannot export it. */
  save(): Promise<unknown>;
  /** Continues from such a state. It must come from the same engine, version and model; replaces `reset`. */
  restore(state: unknown): Promise<void>;
}

export const DEFAULT_ENGINE_OPTIONS: EngineOptions = {
  model: 'auto',
  people: 1,
  minDetection: 0.2,
  minPresence: 0.2,
  minTracking: 0.2,
  threads: 1,
  provider: 'cpu',
};
