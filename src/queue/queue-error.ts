import { BodyscriptError, shortMessage, systemErrorCode } from '../errors.js';
import { withoutSecrets } from '../text/url.js';

/** Refusals of Redis that are about who asks. */
const DENIED = /^(NOAUTH|WRONGPASS|NOPERM)\b|invalid username-password|without any password configured/i;
/** Answers of a server that is reached, and does not take what it gets. */
const REFUSALS = [
  {
    says: /^OOM\b/,
    what: "the server's memory is full, so it takes no jobs and no results",
    remedy: 'Raise its maxmemory, or remove other data from it; then run the same command again.',
  },
  {
    says: /^(READONLY|MASTERDOWN|MISCONF)\b/,
    what: 'the server takes no changes: it is a replica, or cannot save its data',
    remedy: 'Give the address of the main server, or look into its log; then run the same command again.',
  },
  {
    says: /Unknown RESP type/,
    what: 'what answers there is not Redis',
    remedy: 'Check host and port: Redis listens on 6379 by default.',
  },
] as const;
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
      // Written as an address, they would be cut out of the message as if they were real.
      remedy: 'Give both in the address, before the host: name, colon, password and @, best in BODYSCRIPT_QUEUE.',
    });
  }
  const refused = REFUSALS.find(({ says }) => says.test(said));
  if (refused) {
    return new BodyscriptError('QUEUE_UNREACHABLE', `${shown}: ${refused.what}`, { cause, remedy: refused.remedy });
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

/** Whether the server did not answer in time. */
export function isSilence(error: unknown): boolean {
  return /^Command timed out$/i.test(shortMessage(error));
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
  if (isSilence(cause)) return 'it does not answer';
  if (/Connection is closed/i.test(shortMessage(cause))) return 'the connection was cut';
  return REASONS[systemErrorCode(cause) ?? ''];
}
