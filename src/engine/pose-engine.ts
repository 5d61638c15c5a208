import type { Box, PersonBox } from '../model/person-box.js';
import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';

/** What an engine is made with. */
export interface EngineOptions {
  /** `lite`, `full`, `heavy`, the path of a `.task` bundle, or `auto`: full, refined by heavy where the engine can. */
  readonly model: string;
  /** Refuses a model whose bytes have another SHA-256 (hexadecimal). */
  readonly modelSha256?: string | undefined;
  /** People looked for, at least 1. */
  readonly people: number;
  /** Least score of the person detector, 0-1. */
  readonly minDetection: number;
  /** Least presence score of a pose, 0-1. */
  readonly minPresence: number;
  /** Least score for following a pose without detecting anew, 0-1. */
  readonly minTracking: number;
  /** Threads of one network's run, at least 1. The `mediapipe` engine has always one. */
  readonly threads: number;
  /** What computes the networks. The `mediapipe` engine knows the CPU only. */
  readonly provider: Provider;
  /**
   * Whether poses will be refined and people searched for, so that the networks for it are made ready before the first
   * frame. Default: false.
   */
  readonly helpers?: boolean | undefined;
}

/**
 * onnxruntime's execution providers by name; `auto`: a graphics card or Apple's neural engine where one can be used,
 * else the CPU.
 */
export const PROVIDERS = ['cpu', 'cuda', 'coreml', 'auto'] as const;
/** An execution provider of onnxruntime. @useDeclaredType */
export type Provider = (typeof PROVIDERS)[number];

/** What an engine is, for the run record. */
export interface EngineInfo {
  readonly name: string;
  readonly version: string;
  readonly model: string;
  readonly modelSha256: string;
  /**
   * The network that refines doubtful poses, loaded when it is first needed; undefined where there is none but the
   * usual one.
   */
  readonly refiner?: { readonly model: string; readonly modelSha256: string } | undefined;
  /** The network of `findPeople`, loaded at the first call; undefined where there is none. */
  readonly finder?: { readonly model: string; readonly modelSha256: string } | undefined;
  /** What computes the networks. */
  readonly provider: Exclude<Provider, 'auto'>;
  /**
   * Where the networks' weights are: mapped from files that all processes share, or copied into the memory of each.
   * Undefined where the engine knows no such thing.
   */
  readonly weights?: 'mapped' | 'copied' | undefined;
  /** Why weights are copied. */
  readonly reason?: string | undefined;
  /**
   * Whether it follows people better by its own `track`, which smooths them as well, than by attempts at their squares.
   */
  readonly followsItself?: boolean | undefined;
}

/** Where to look. */
export interface DetectOptions {
  /**
   * Looks for one person in this square only: middle of the hips in its middle, upright in its own axes, as large as
   * their reach.
   */
  readonly region?: Region | undefined;
  /** With the more accurate and slower network, where the engine has one. */
  readonly refine?: boolean | undefined;
  /** Looks for up to so many people in place of the engine's own number, if the engine can. */
  readonly most?: number | undefined;
}

/** What helps in following. */
export interface TrackOptions {
  /**
   * Where somebody was found by other means: followed from there on, if the engine can. Of no effect while enough
   * people are followed.
   */
  readonly region?: Region | undefined;
}

/** How to look for people. */
export interface FindOptions {
  /** Least score of a person, 0-1; 0.35 by default. */
  readonly leastScore?: number | undefined;
  /**
   * Looks at this part of the picture only, in pixels; smaller people are found in it than in the whole. Best about
   * twice as high as they are: somebody who nearly fills it is often missed. What lies beyond the picture is left out.
   */
  readonly area?: Box | undefined;
}

/** Finds people in pictures. One call at a time; the picture may be reused when the call has settled. */
export interface PoseEngine extends AsyncDisposable {
  readonly info: EngineInfo;
  /** Finds people in one picture; keeps nothing between calls. */
  detect(image: Picture, options?: DetectOptions): Promise<Pose[]>;
  /** Follows people from picture to picture. `timestamp` in seconds; should rise within one video, and may repeat. */
  track(image: Picture, timestamp: number, options?: TrackOptions): Promise<Pose[]>;
  /**
   * Finds the boxes of all people in one picture, also of many and small ones, the surest first; keeps nothing between
   * calls. Boxes are in pixels of the whole picture, clamped to what was looked at. Undefined where the engine has no
   * network for it (`info.finder`).
   */
  findPeople(image: Picture, options?: FindOptions): Promise<readonly PersonBox[] | undefined>;
  /** Forgets whom it followed: before another video. */
  reset(): Promise<void>;
  /** Whom it follows and how, as a plain value that `restore` takes; undefined where the engine cannot tell. */
  save(): Promise<unknown>;
  /** Goes on as the engine did whose state this is. Of the same kind, version and model; in place of `reset`. */
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
