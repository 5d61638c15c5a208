import * as z from '#zod';
import { amount, count, list, name, text } from '../formats/bounds.js';
import { CLOCK, FRAME_RESULT, id, moment, PERSON_RESULT, POSE, REGION, SMOOTHER } from '../formats/pose-schema.js';

/** The state of each of these is small; lists that grow with the video have limits of their own. */
const MOST = 1000;
const MOST_FRAMES_HELD = 64;
const MOST_COUNTED = 10_000_000;

const mapOf = <K extends z.ZodMiniType, V extends z.ZodMiniType>(key: K, value: V) =>
  z.map(key, value).check(z.refine(entries => entries.size <= MOST));

const APPEARANCE = list(z.number(), 16);
const SIGHTING = z.object({
  x: z.number(),
  y: z.number(),
  vx: z.number(),
  vy: z.number(),
  torso: z.number(),
  frame: z.int(),
});

const PERSON_TRACKER = z.object({
  known: list(
    z.object({
      id: id(),
      seen: SIGHTING,
      before: z.optional(SIGHTING),
      appearance: z.optional(APPEARANCE),
      mistaken: z.optional(z.object({ as: id(), frames: count() })),
    }),
    MOST,
  ),
  frame: count(),
  highest: z.int().check(z.gte(-1)),
  bystanders: list(APPEARANCE, MOST),
});

const MOMENT = z.object({ pose: POSE, timestamp: z.number() });

const PERSON = z.object({
  memory: z.object({ last: z.optional(MOMENT), before: z.optional(MOMENT) }),
  smoother: SMOOTHER,
  clock: CLOCK,
  region: z.optional(REGION),
  network: z.object({
    isRefined: z.boolean(),
    agreements: count(),
    checkedAt: moment(),
    framesSince: count(),
    pause: count(),
  }),
  light: name(),
  framesInLight: count(),
  doubt: z.object({ since: moment(), asked: moment(), unseen: count() }),
});

/** Of `SmartAnalyzer`. */
export const SMART_ANALYZER = z.object({
  people: z.object({ people: mapOf(id(), PERSON), tracker: PERSON_TRACKER }),
  plan: z.object({
    experience: mapOf(name(), z.object({ tries: count(), gain: z.number() })),
    tile: count(),
    next: count(),
  }),
  budget: z.object({
    left: z.number(),
    ranOut: count(),
    hopes: mapOf(name(), z.object({ since: z.number(), last: z.number() })),
  }),
  search: z.object({
    refusals: list(z.object({ region: REGION, until: z.number(), wait: z.number() }), MOST),
    searchedAt: moment(),
    searchEvery: z.number(),
  }),
  crowd: z.object({ checked: z.object({ at: moment(), frame: moment() }), seenAt: moment() }),
  previous: z.optional(FRAME_RESULT),
});

/** Of `PlainAnalyzer`. */
export const PLAIN_ANALYZER = z.object({ tracker: PERSON_TRACKER, previous: z.optional(FRAME_RESULT) });

/** Of `SegmentedAnalyzer`; `memory` holds the states of the engine and the analyzer of a segment. */
export const SEGMENTED_ANALYZER = z.object({
  index: z.int().check(z.gte(-1)),
  ids: mapOf(id(), id()),
  nextId: count(),
  previous: z.optional(FRAME_RESULT),
  memory: z.optional(z.object({ engine: z.unknown(), analyzer: z.unknown() })),
  framesOverBudget: count(),
});

export const LOOK_AHEAD = z.object({
  waiting: list(FRAME_RESULT, MOST_FRAMES_HELD),
  tracks: mapOf(
    id(),
    z.object({
      smoother: SMOOTHER,
      clock: CLOCK,
      last: z.object({ frameId: id(), timestamp: z.number(), person: PERSON_RESULT }),
    }),
  ),
  lastFrame: z.optional(id()),
});

const TALLY = z.object({
  byStatus: z.object({ detected: count(), tracked: count(), missing: count(), filled: count() }),
  strategyUse: mapOf(name(), count()),
  swapFrames: list(id(), MOST),
  swaps: count(),
  visibilitySum: amount(),
  poses: count(),
  lowestScores: list(z.object({ score: amount(), at: z.number(), frameId: id(), personId: id() }), MOST),
  ids: z.set(id()).check(z.refine(ids => ids.size <= MOST_COUNTED)),
  stays: list(z.object({ personId: id(), from: z.number(), to: z.number() }), MOST),
  lastId: z.optional(id()),
  changes: count(),
});

/** Of `RecordKeeper`. */
export const RECORD = z.object({
  tally: TALLY,
  stageMs: z.record(name(), amount()),
  timeline: z.object({ everySeconds: amount(), frames: list(count(), MOST), memory: list(amount(), MOST) }),
  startedAt: z.date(),
  wallMs: amount(),
  resumedAtFrames: list(count()),
});

const KEPT = z.object({
  frameId: id(),
  timestamp: z.number(),
  score: z.number(),
  isMissing: z.boolean(),
  worth: z.number(),
  people: list(id(), MOST),
  at: count(),
});
const REGULAR_KEPT = z.object({ ...KEPT.shape, elapsed: amount() });

/** Of any output: the length of its file, and further state of some. */
const OUTPUT = z.object({
  bytes: count(),
  frames: z.optional(count()),
  sha256: z.optional(name()),
  lastTick: z.optional(z.int()),
  lastOwn: z.optional(z.int()),
  step: z.optional(z.int()),
  begins: z.optional(z.number()),
  leaps: z.optional(count()),
  firstFrame: z.optional(z.number()),
  firstPerson: z.optional(z.number()),
  regular: z.optional(
    z.object({
      kept: list(REGULAR_KEPT, MOST),
      elapsed: amount(),
      last: z.optional(z.number()),
      grid: z.optional(z.object({ interval: z.number().check(z.gt(0)), step: z.number().check(z.gt(0)) })),
    }),
  ),
  worst: z.optional(
    z.object({
      kept: list(KEPT, MOST),
      wasMissing: z.boolean(),
      lowest: z.optional(z.object({ score: z.number(), frameId: id(), timestamp: z.number() })),
    }),
  ),
  best: z.optional(KEPT),
  turns: z.optional(mapOf(id(), z.object({ at: z.number(), degrees: mapOf(name(), z.number()) }))),
  numbers: z.optional(z.object({ firstPerson: z.optional(count()), severalFrom: z.optional(count()) })),
});

/** A checkpoint without the engine's state, which depends on the engine. */
export const CHECKPOINT = z.object({
  key: text(),
  nextFrame: id(),
  frames: count(),
  engine: z.unknown(),
  analyzer: z.unknown(),
  lookAhead: z.optional(LOOK_AHEAD),
  record: RECORD,
  outputs: mapOf(text(), OUTPUT),
  undrawn: list(FRAME_RESULT, MOST),
  isForced: z.boolean(),
});
