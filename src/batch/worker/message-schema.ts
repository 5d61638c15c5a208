import * as z from '#zod';
import type { ErrorCode } from '../../errors.js';
import type { RunRecord } from '../../model/run-record.js';
import { outputSchema } from '../ledger/row-schema.js';
import type { FromWorker } from './protocol.js';

const LONGEST_TEXT = 1_000_000;

const text = z.string().check(z.maxLength(LONGEST_TEXT));
const amount = z.number().check(z.minimum(0));
const count = z.int().check(z.minimum(0));
/** A file may claim any number as its length. */
const estimate = z.custom<number | undefined>(value => value === undefined || typeof value === 'number');

const error = z.object({
  code: z.custom<ErrorCode>(value => typeof value === 'string' && /^[A-Z_]+$/.test(value)),
  message: text,
  remedy: z.union([text, z.undefined()]),
  exitCode: z.union([count, z.undefined()]),
});
/** Made by this program in another process; the ledger stores these of its numbers. */
const record = z.custom<RunRecord>(
  value =>
    z
      .object({
        frames: z.object({ decoded: count, detected: count, tracked: count, missing: count, filled: count }),
        seconds: z.object({ wall: amount }),
        peakMemory: z.object({ treeFixed: z.nullable(amount), treePss: z.nullable(amount), treeRss: amount }),
        input: z.object({ sha256: z.nullable(text) }),
      })
      .safeParse(value).success,
);

const messages = z.discriminatedUnion('say', [
  z.object({
    say: z.literal('prepared'),
    needs: z.object({ memory: amount, frames: estimate }),
  }),
  z.object({
    say: z.literal('progress'),
    progress: z.object({ frames: count, decoded: count, expected: estimate, memory: amount }),
  }),
  z.object({ say: z.literal('finishing') }),
  z.object({ say: z.literal('finished') }),
  z.object({ say: z.literal('warning'), message: text }),
  z.object({
    say: z.literal('ended'),
    outcome: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('done'),
        record,
        outputs: z.array(outputSchema),
        byAnother: z.optional(z.boolean()),
      }),
      z.object({ kind: z.literal('waiting'), segments: count, missing: count }),
      z.object({ kind: z.literal('failed'), error, kept: z.array(text) }),
    ]),
  }),
]);

/**
 * A worker process's message: untrusted, since it has read an untrusted video. Undefined for anything that workers
 * never send.
 */
export function parseMessage(message: unknown): FromWorker | undefined {
  return messages.safeParse(message).data;
}
