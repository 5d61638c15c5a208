import * as z from '#zod';
import { LANDMARK_COUNT } from '../model/blazepose.js';
import { SIGNALS } from '../model/pose.js';
import { count, list, name } from './bounds.js';
import { isId } from './table-cells.js';

/** Any number, including the infinite ones that stand for "never". */
export const moment = () => z.custom<number>(value => typeof value === 'number' && !Number.isNaN(value));
export const id = () => z.custom<number>(isId);
const floats = (length: number) => z.instanceof(Float64Array).check(z.refine(values => values.length === length));

export const REGION = z.object({ x: z.number(), y: z.number(), size: z.number(), rotation: z.number() });

const LANDMARK = z.object({
  x: z.number(),
  y: z.number(),
  z: z.number(),
  visibility: z.number(),
  confidence: z.optional(z.number()),
});
const WORLD_LANDMARK = z.object({ x: z.number(), y: z.number(), z: z.number() });

export const POSE = z.object({
  landmarks: z.array(LANDMARK).check(z.length(LANDMARK_COUNT)),
  worldLandmarks: z.array(WORLD_LANDMARK).check(z.length(LANDMARK_COUNT)),
  presence: z.optional(z.number()),
  signals: z.optional(
    z.instanceof(Float32Array).check(z.refine(values => values.length === LANDMARK_COUNT * SIGNALS.length)),
  ),
  next: z.optional(REGION),
});

export const PERSON_RESULT = z.object({
  personId: id(),
  pose: POSE,
  status: z.enum(['detected', 'tracked', 'filled']),
  strategy: name(),
  score: z.number(),
  swap: z.optional(z.enum(['found', 'fixed'])),
});

/** More than the maximum number of people. */
const MOST_PEOPLE = 64;

export const FRAME_RESULT = z.object({
  frameId: id(),
  timestamp: z.number(),
  status: z.enum(['detected', 'tracked', 'missing', 'filled']),
  people: list(PERSON_RESULT, MOST_PEOPLE),
});

/** Of `RisingClock`: whole microseconds. */
export const CLOCK = z.object({ offset: z.optional(z.int()), last: z.int() });

const FILTER = z.object({
  raw: floats(3 * LANDMARK_COUNT),
  smooth: floats(3 * LANDMARK_COUNT),
  speed: floats(3 * LANDMARK_COUNT),
});

/** Of `PoseSmoother`. */
export const SMOOTHER = z.object({
  picture: z.optional(FILTER),
  world: z.optional(FILTER),
  visibility: z.optional(floats(LANDMARK_COUNT)),
  lastMicroseconds: z.int(),
});

/** State of the native engine. */
export const NATIVE_ENGINE = z.object({
  clock: CLOCK,
  smoother: SMOOTHER,
  followed: list(REGION, MOST_PEOPLE),
  sinceDetection: count(),
});
