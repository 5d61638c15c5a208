import * as z from '#zod';
import { amount, count, list, name } from '../../formats/bounds.js';
import { FRAME_RESULT, id } from '../../formats/pose-schema.js';

/** Of a segment and its lead-in, at a thousand frames per second. */
const MOST_FRAMES = 40_000;
/** Of a frame, for each of several people. */
const MOST_ATTEMPTS = 1000;

const ATTEMPTS = z.object({
  frameId: id(),
  timestamp: z.number(),
  personId: z.nullable(id()),
  situation: name(),
  tried: list(z.object({ name: name(), score: z.nullable(z.number()), milliseconds: amount() }), MOST_ATTEMPTS),
  won: z.nullable(name()),
  why: name(),
});

/** A stored segment without the states of the engine and the analyzer at its end, which depend on the options. */
export const STORED_SEGMENT = z.object({
  key: name(),
  index: count(),
  frames: list(
    z.object({ timestamp: z.number(), result: FRAME_RESULT, attempts: list(ATTEMPTS, MOST_ATTEMPTS) }),
    MOST_FRAMES,
  ),
  memory: z.optional(z.object({ engine: z.unknown(), analyzer: z.unknown() })),
  framesOverBudget: count(),
});
