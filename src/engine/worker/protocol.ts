import type { PlainError } from '../../errors.js';
import type { Picture, YuvMatrix } from '../../model/picture.js';
import type { SharedMemory } from '../../model/picture-memory.js';
import type { DetectOptions, EngineOptions, FindOptions, TrackOptions } from '../pose-engine.js';

/** Engines by name, as `--engine` spells them. */
export const ENGINE_NAMES = ['mediapipe', 'native'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The start data of the worker thread. */
export interface WorkerSetup {
  readonly engine: EngineName;
  readonly options: EngineOptions;
}

/**
 * A picture by its place in a memory that the thread already has, or receives now. A memory that is sent twice becomes
 * a different object there, and all code for it is compiled again.
 */
interface PlacedPicture {
  readonly width: number;
  readonly height: number;
  readonly matrix: YuvMatrix;
  /** First byte in the memory. */
  readonly at: number;
  readonly bytes: number;
  readonly memory?: SharedMemory;
}

export type SentPicture = Picture | PlacedPicture;

export type WorkerRequest =
  | { readonly call: 'detect'; readonly image: SentPicture; readonly options: DetectOptions }
  | { readonly call: 'track'; readonly image: SentPicture; readonly timestamp: number; readonly options: TrackOptions }
  | { readonly call: 'findPeople'; readonly image: SentPicture; readonly options: FindOptions }
  | { readonly call: 'reset' }
  | { readonly call: 'save' }
  | { readonly call: 'restore'; readonly state: unknown }
  | { readonly call: 'close' };

export type WorkerReply<T> = { readonly value: T; readonly busyMs: number } | { readonly error: PlainError };
