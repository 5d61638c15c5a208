import { expectTypeOf, test } from 'vitest';
import type * as z from '#zod';
import type { Checkpoint } from '../../src/analyze/checkpoint.js';
import type {
  CHECKPOINT,
  LOOK_AHEAD,
  PLAIN_ANALYZER,
  RECORD,
  SEGMENTED_ANALYZER,
  SMART_ANALYZER,
} from '../../src/analyze/checkpoint-schema.js';
import type { RecordState } from '../../src/analyze/record-keeper.js';
import type { SegmentedState } from '../../src/analyze/segments/segmented-analyzer.js';
import type { NativeState } from '../../src/engine/native/native-engine.js';
import type { FRAME_RESULT, NATIVE_ENGINE, SMOOTHER } from '../../src/formats/pose-schema.js';
import type { FrameResult } from '../../src/model/result.js';
import type { SmootherState } from '../../src/signal/pose-smoother.js';
import type { LookAheadState } from '../../src/tracking/look-ahead.js';
import type { PlainState } from '../../src/tracking/plain-analyzer.js';
import type { SmartState } from '../../src/tracking/smart-analyzer.js';
import type { PlainType } from '../support/plain-type.js';

/** The values that a schema accepts. */
type Of<S extends z.ZodMiniType> = PlainType<z.infer<S>>;

test('the schemas of a checkpoint match the types of its states: add a new field to both', () => {
  expectTypeOf<Of<typeof SMART_ANALYZER>>().toEqualTypeOf<PlainType<SmartState>>();
  expectTypeOf<Of<typeof PLAIN_ANALYZER>>().toEqualTypeOf<PlainType<PlainState>>();
  expectTypeOf<Of<typeof SEGMENTED_ANALYZER>>().toEqualTypeOf<PlainType<SegmentedState>>();
  expectTypeOf<Of<typeof LOOK_AHEAD>>().toEqualTypeOf<PlainType<LookAheadState>>();
  expectTypeOf<Of<typeof NATIVE_ENGINE>>().toEqualTypeOf<PlainType<NativeState>>();
  expectTypeOf<Of<typeof SMOOTHER>>().toEqualTypeOf<PlainType<SmootherState>>();
  expectTypeOf<Of<typeof FRAME_RESULT>>().toEqualTypeOf<PlainType<FrameResult>>();
  expectTypeOf<Of<typeof RECORD>>().toEqualTypeOf<PlainType<RecordState>>();
  expectTypeOf<keyof Of<typeof CHECKPOINT>>().toEqualTypeOf<keyof Checkpoint>();
});
