import * as z from '#zod';
import { amount, count, list, name, share, text } from './bounds.js';

/** Fields that older records lack, with the value that applied then. */
const since = <T extends z.ZodMiniType>(schema: T, before: () => z.infer<T>) =>
  z._default(schema, before as () => z.core.util.NoUndefined<z.output<T>>);
const counts = () => z.record(name(), count());
const amounts = () => z.record(name(), amount());
const network = () => z.nullable(z.object({ name: name(), sha256: name() }));
const binary = () => z.object({ version: name(), path: text(), source: name() });
const rational = () => z.object({ num: z.int(), den: z.int() });
/** A count of moments. */
const moments = () => z.object({ count: count(), at: list(z.number()) });

const ORIENTATION = z.object({ clockwise: z.literal([0, 90, 180, 270]), mirrored: z.boolean() });
const ERROR = z.object({ code: name(), message: text(), remedy: z.nullable(text()) });

const VIDEO = z.object({
  path: text(),
  container: name(),
  streamIndex: count(),
  videoStreams: count(),
  codec: name(),
  pixelFormat: name(),
  codedWidth: count(),
  codedHeight: count(),
  pixelAspect: rational(),
  orientation: ORIENTATION,
  turns: z.optional(list(z.object({ from: count(), to: count(), orientation: ORIENTATION }))),
  displayWidth: count(),
  displayHeight: count(),
  timeBase: rational(),
  averageRate: z.optional(rational()),
  captureRate: z.optional(z.number()),
  duration: z.optional(z.number()),
  startTime: z.optional(z.number()),
  frameCount: z.optional(count()),
  colour: since(z.object({ matrix: name(), range: name(), transfer: name() }), () => ({
    matrix: 'unknown',
    range: 'unknown',
    transfer: 'unknown',
  })),
  fieldOrder: since(name(), () => 'unknown'),
  deinterlaced: since(z.literal(['no', 'flagged', 'all']), () => 'no' as const),
  audio: since(list(z.object({ index: count(), codec: name() }), 1000), () => []),
});

const gates = () =>
  list(
    z.object({
      name: z.enum(['detectionRate', 'confidence', 'consistency', 'missingRate', 'changes', 'people']),
      value: amount(),
      bound: z.enum(['least', 'most']),
      limit: amount(),
      passed: z.boolean(),
    }),
    100,
  );
const gap = () => z.object({ frames: count(), at: z.nullable(z.number()) });
const LOW_SCORE = z.object({ score: share(), at: z.number(), frameId: count(), personId: count() });
const PLANE_TURN = z.object({ medianDegrees: z.nullable(amount()), beyondLimit: share() });

/** If an older record lacks a field of a person, its `Quality` lacks more, and counts as not measured. */
const PERSON_QUALITY = z.object({
  personId: count(),
  frames: count(),
  spanFrames: since(count(), () => 0),
  from: z.number(),
  to: z.number(),
  detectionRate: share(),
  missingRate: share(),
  confidence: share(),
  consistency: z.number(),
  jumps: moments(),
  swaps: moments(),
  jitter: amount(),
  longestGap: since(gap(), () => ({ frames: 0, at: null })),
  gates: since(gates(), () => []),
  researchGrade: z.boolean(),
  reasons: list(text(), 100),
});

const QUALITY = z.object({
  frames: count(),
  detectionRate: share(),
  missingRate: share(),
  confidence: share(),
  longestGap: gap(),
  missingFrames: count(),
  lowestScores: list(LOW_SCORE, 100),
  unseen: z.record(name(), share()),
  planes: z.record(name(), PLANE_TURN),
  visibility: z.record(name(), share()),
  landmarkConfidence: z.nullable(z.record(name(), share())),
  jumps: moments(),
  swaps: moments(),
  boneVariation: amounts(),
  consistency: z.number(),
  jitter: amount(),
  people: list(PERSON_QUALITY),
  personChanges: z.nullable(count()),
  gates: gates(),
  researchGrade: z.boolean(),
  reasons: list(text(), 100),
});

/** An older record lacks fields unknown at its time: it counts as not measured. Existing fields must be valid. */
const QUALITY_IF_WHOLE = z.pipe(
  z.nullable(z.partial(QUALITY)),
  z.transform(recorded => {
    const isWhole = recorded !== null && Object.keys(QUALITY.shape).every(key => Object.hasOwn(recorded, key));
    return isWhole ? (recorded as z.infer<typeof QUALITY>) : null;
  }),
);

const FILE = z.object({
  output: name(),
  path: text(),
  bytes: count(),
  modified: z.number(),
  sha256: z.nullable(name()),
  options: z.record(name(), z.unknown()),
});
const ADDED = z.object({ at: name(), version: name(), outputs: list(name(), 100) });

/** The call of a run. Fields that are never read may have any value. */
const OPTIONS = z.looseObject({
  source: z.looseObject({}),
  analysis: z.looseObject({
    mode: name(),
    minScore: since(share(), () => 0),
    fixSwaps: since(z.boolean(), () => false),
    engine: z.looseObject({ people: since(count(), () => 1) }),
  }),
  outputs: z.looseObject({}),
  machine: z.looseObject({}),
});

/**
 * `NAME.run.json` when read back: each field with its type and limits. Fields added over time may be absent; unknown
 * ones are ignored. The type `RunRecord` in `model/run-record.ts` is the same; a test proves it.
 */
export const RUN_RECORD = z.object({
  recordVersion: count(),
  status: z.enum(['running', 'done', 'failed', 'interrupted']),
  exitCode: z.nullable(z.int()),
  error: z.nullable(ERROR),
  startedAt: name(),
  endedAt: z.nullable(name()),
  tool: z.object({ name: name(), version: name(), node: name(), platform: name() }),
  engine: z.nullable(
    z.object({
      name: name(),
      version: name(),
      provider: since(name(), () => 'unknown'),
      weights: since(z.nullable(z.enum(['mapped', 'copied'])), () => null),
      weightsCopiedBecause: since(z.nullable(text()), () => null),
    }),
  ),
  model: network(),
  refinerModel: since(network(), () => null),
  finderModel: since(network(), () => null),
  ffmpeg: binary(),
  ffprobe: binary(),
  options: OPTIONS,
  input: z.object({
    path: text(),
    bytes: count(),
    sha256: z.nullable(name()),
    firstTimestamp: since(z.nullable(z.number()), () => null),
    timeScale: since(z.number().check(z.gt(0)), () => 1),
    video: VIDEO,
  }),
  analysed: z.object({ width: count(), height: count() }),
  frames: z.object({
    decoded: count(),
    detected: count(),
    tracked: count(),
    missing: count(),
    filled: since(count(), () => 0),
    passedOver: since(count(), () => 0),
  }),
  resumedAtFrames: since(list(count()), () => []),
  people: since(z.object({ ids: count(), changes: z.nullable(count()) }), () => ({ ids: 0, changes: null })),
  budget: since(z.object({ framesOverBudget: count() }), () => ({ framesOverBudget: 0 })),
  lookAhead: since(count(), () => 0),
  strategyUse: since(counts(), () => ({})),
  swaps: since(z.object({ count: count(), frames: list(count()) }), () => ({ count: 0, frames: [] })),
  meanVisibility: since(z.nullable(share()), () => null),
  lowestScores: since(list(LOW_SCORE, 100), () => []),
  quality: since(QUALITY_IF_WHOLE, () => null),
  seconds: z.object({ wall: amount(), framesPerSecond: amount(), byStage: amounts() }),
  peakMemory: z.object({
    treeRss: amount(),
    treePss: z.nullable(amount()),
    treeFixed: since(z.nullable(amount()), () => null),
    rssByProcess: amounts(),
  }),
  timeline: since(z.object({ everySeconds: amount(), frames: list(count()), memory: list(amount()) }), () => ({
    everySeconds: 1,
    frames: [],
    memory: [],
  })),
  outputs: list(text()),
  files: since(list(FILE), () => []),
  madeFromTable: since(list(ADDED), () => []),
  warnings: list(text()),
});
