import { BodyscriptError, shortMessage, systemErrorCode } from '../errors.js';
import { withoutSecrets } from '../text/url.js';

/** Refusals of Redis that are about who asks. */
const DENIED = /^(NOAUTH|WRONGPASS|NOPERM)\b|invalid username-password|without any password configured/i;
/** BullMQ's answers where a job is no longer this worker's: it is missing, or its lock is another's. */
const LOST = [-1, -2, -3, -6];

/**
 * A failure of the queue's server, without what its address may keep secret.
 * @param shown the address as messages have it
 */
export function queueError(cause: unknown, shown: string): BodyscriptError {
  const said = withoutSecrets(shortMessage(cause));
  if (DENIED.test(said)) {
    return new BodyscriptError('QUEUE_UNREACHABLE', `${shown}: the server refuses the name or the password`, {
      cause,
      remedy: 'Give both in the address: redis://name:password@host:6379/0, best in BODYSCRIPT_QUEUE.',
    });
  }
  return new BodyscriptError('QUEUE_UNREACHABLE', `${shown}: the queue cannot be reached: ${reason(cause) ?? said}`, {
    cause,
    remedy: 'Check the address, and that Redis runs; after Redis lost its data, submit the videos again.',
  });
}

/** Whether a job was found to belong to another worker, or to be gone. */
export function isLost(error: unknown): boolean {
  return LOST.includes((error as { code?: unknown } | undefined)?.code as number);
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host',
};

function reason(cause: unknown): string | undefined {
  if (/DB index is out of range/i.test(shortMessage(cause))) return 'the server has no database of this number';
  if (/Connection is closed/i.test(shortMessage(cause))) return 'the connection was cut';
  return REASONS[systemErrorCode(cause) ?? ''];
}
