import type * as BullMq from 'bullmq';
import type { Redis } from 'ioredis';
import { BodyscriptError } from '../errors.js';
import { loadOptional } from '../system/optional-package.js';
import { withoutSecrets } from '../text/url.js';
import { queueError } from './queue-error.js';

/** A server that does not answer for this long is lost: less than a job's lock lasts. */
const ANSWER_WITHIN_MS = 15_000;
/** A lost connection is tried again for 14 s: its end fails commands before they have waited too long. */
const RECONNECTS = 28;
const RECONNECT_EVERY_MS = 500;
/** A silent server does not close a connection either. */
const DISCONNECT_WITHIN_MS = 300;
const CONNECT_WITHIN_MS = 10_000;
/** The oldest that BullMQ recommends. */
const OLDEST_REDIS = [6, 2] as const;

/** An open connection to a Redis server, and the library that keeps jobs in it. */
export interface QueueConnection extends Disposable {
  readonly redis: Redis;
  readonly bullmq: typeof BullMq;
  /** The address without name and password. */
  readonly shown: string;
}

/**
 * Connects to the Redis server of a queue. The packages bullmq and ioredis are loaded here and nowhere else.
 * @param url as `options/kinds.ts` takes it
 * @throws BodyscriptError `PACKAGE_MISSING`, `QUEUE_UNREACHABLE`
 */
export async function connectQueue(url: string, warn: (message: string) => void): Promise<QueueConnection> {
  const [bullmq, ioredis] = await loadPackages();
  const shown = withoutSecrets(url);
  let wasReady = false;
  const redis = new ioredis.Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
    disconnectTimeout: DISCONNECT_WITHIN_MS,
    retryStrategy: times => (wasReady && times <= RECONNECTS ? RECONNECT_EVERY_MS : null),
  });
  let problem: unknown;
  redis.on('error', error => {
    problem = error;
  });
  redis.on('ready', () => {
    wasReady = true;
  });
  try {
    await redis.connect();
    // ioredis would go on in database 0 where the server has no such number.
    await redis.select(redis.options.db ?? 0);
    checkServer(await redis.info(), shown, warn);
  } catch (error) {
    redis.disconnect();
    throw error instanceof BodyscriptError ? error : queueError(problem ?? error, shown);
  }
  return { redis, bullmq, shown, [Symbol.dispose]: () => redis.disconnect() };
}

function loadPackages() {
  return loadOptional('a queue', ['bullmq', 'ioredis'], () => Promise.all([import('bullmq'), import('ioredis')]));
}

/** @throws BodyscriptError where the server is too old */
function checkServer(info: string, shown: string, warn: (message: string) => void): void {
  const fact = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const [major = 0, minor = 0] = (fact('redis_version') ?? '').split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_REDIS;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new BodyscriptError('QUEUE_UNREACHABLE', `${shown}: Redis ${major}.${minor} is too old for a queue`, {
      remedy: `Use Redis ${OLDEST_REDIS.join('.')} or newer; 7 is recommended.`,
    });
  }
  const policy = fact('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warn(`${shown}: may drop jobs when its memory is full; set its maxmemory-policy to noeviction, not ${policy}`);
  }
}
