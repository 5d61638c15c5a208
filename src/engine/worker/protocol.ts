import type { PlainError } from '../../errors.js';
import type { Picture } from '../../model/picture.js';
import type { DetectOptions, EngineOptions, FindOptions, TrackOptions } from '../pose-engine.js';

/** Engines by name, as `--engine` spells them. */
export const ENGINE_NAMES = ['mediapipe', 'native'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What the worker thread is started with. */
export interface WorkerSetup {
  readonly engine: EngineName;
  readonly options: EngineOptions;
}

export type WorkerRequest =
  | { readonly call: 'detect'; readonly image: Picture; readonly options: DetectOptions }
  | { readonly call: 'track'; readonly image: Picture; readonly timestamp: number; readonly options: TrackOptions }
  | { readonly call: 'findPeople'; readonly image: Picture; readonly options: FindOptions }
  | { readonly call: 'reset' }
  | { readonly call: 'save' }
  | { readonly call: 'restore'; readonly state: unknown }
  | { readonly call: 'close' };

export type WorkerReply<T> = { readonly value: T; readonly busyMs: number } | { readonly error: PlainError };
