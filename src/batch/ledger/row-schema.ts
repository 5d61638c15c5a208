import * as z from '#zod';
import { containedPath } from '../../system/contained-path.js';

export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'interrupted'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Longer than any system's paths, and than any message of this program. */
export const LONGEST_TEXT = 65_536;
const LATEST_TIME = 8.64e15; // The last valid Date.
const MOST_OUTPUTS = 1000;

const text = (longest: number) => z.string().check(z.maxLength(longest, 'is too long'));
const path = text(32_768).check(
  z.minLength(1, 'is empty'),
  z.refine(value => !value.includes('\0'), 'has a NUL'),
);
const name = path.check(z.refine(value => containedPath('.', value) !== undefined, 'leads out of the folder'));
const count = z.int().check(z.minimum(0));
const time = z.number().check(z.minimum(-LATEST_TIME), z.maximum(LATEST_TIME));

const identity = z.object({
  host: text(1000),
  // From an older version: whether it runs is then unknown.
  boot: z._default(text(200), ''),
  namespace: z._default(text(200), ''),
  pid: z.int().check(z.minimum(1)),
  started: text(100),
});

/** Its path may lead out of the folder (`--csv elsewhere/walk.csv`): such a file is only read. */
export const outputSchema = z.object({
  path,
  bytes: count,
  modified: time,
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'is not a SHA-256')),
});

/** The valid values of a row of `jobs`. */
export const rowSchema = z.object({
  id: z.int(),
  path,
  name,
  version: count,
  state: z.enum(JOB_STATES),
  bytes: z.nullable(count),
  modified: z.nullable(time),
  sha256: z.nullable(text(200)),
  options_hash: z.nullable(text(200)),
  tool_version: z.nullable(text(200)),
  attempts: count,
  alone: z.union([z.literal(0), z.literal(1)]),
  runner: z.nullable(identity),
  worker: z.nullable(identity),
  lease_until: z.nullable(time),
  queued_at: time,
  started_at: z.nullable(time),
  ended_at: z.nullable(time),
  decoded: z.nullable(count),
  detected: z.nullable(count),
  tracked: z.nullable(count),
  missing: z.nullable(count),
  filled: z.nullable(count),
  wall_seconds: z.nullable(z.number().check(z.minimum(0))),
  peak_memory: z.nullable(count),
  error_code: z.nullable(z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'is not a code'))),
  error_message: z.nullable(text(LONGEST_TEXT)),
  error_remedy: z.nullable(text(LONGEST_TEXT)),
  outputs: z.nullable(z.array(outputSchema).check(z.maxLength(MOST_OUTPUTS, 'are too many'))),
});

export type JobRow = z.infer<typeof rowSchema>;
