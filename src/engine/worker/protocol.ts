import { BodyscriptError, type ErrorCode, shortMessage } from '../../errors.js';
import type { Picture } from '../../model/picture.js';
import type { DetectOptions, EngineOptions, TrackOptions } from '../pose-engine.js';

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
  | { readonly call: 'reset' }
  | { readonly call: 'close' };

export type WorkerReply<T> = { readonly value: T; readonly busyMs: number } | { readonly error: PlainError };

/** An error in a form that crosses threads: structured clone forgets classes and their fields. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string | undefined;
  readonly exitCode: number | undefined;
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof BodyscriptError) {
    return { code: error.code, message: error.message, remedy: error.remedy, exitCode: error.exitCode };
  }
  return { code: 'INTERNAL', message: shortMessage(error), remedy: undefined, exitCode: undefined };
}

export function fromPlainError({ code, message, remedy, exitCode }: PlainError): BodyscriptError {
  return new BodyscriptError(code, message, {
    ...(remedy === undefined ? {} : { remedy }),
    ...(exitCode === undefined ? {} : { exitCode }),
  });
}
