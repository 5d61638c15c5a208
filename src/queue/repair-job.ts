import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';

/** As much of unreadable data as a person needs to recognise them. */
const LONGEST_QUOTE = 1000;

/** The parts of a job in Redis that BullMQ reads as JSON; undefined: it can do without. */
const REPLACEMENTS: Readonly<Record<string, (text: string) => string | undefined>> = {
  data: text => JSON.stringify(`not JSON: ${text.slice(0, LONGEST_QUOTE)}`),
  opts: () => '{}',
  progress: () => '0',
  parent: () => undefined,
};

/** Whether BullMQ took a job and then could not read it. Errors of Redis have other classes. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError;
}

/**
 * Finds the job that was taken with a token, and replaces those of its parts that are no JSON, so that it can be
 * refused, listed and removed like any other.
 * @returns undefined where no job has this token
 */
export async function repairTaken(
  bullmq: typeof import('bullmq'),
  worker: Worker,
  redis: Redis,
  token: string,
): Promise<Job | undefined> {
  const id = await takenWith(worker, redis, token);
  if (id === undefined) return undefined;
  const key = worker.toKey(id);
  for (const [name, replace] of Object.entries(REPLACEMENTS)) {
    const text = await redis.hget(key, name);
    if (text === null || isReadable(name, text)) continue;
    const replacement = replace(text);
    await (replacement === undefined ? redis.hdel(key, name) : redis.hset(key, name, replacement));
  }
  return bullmq.Job.fromId(worker, id);
}

async function takenWith(worker: Worker, redis: Redis, token: string): Promise<string | undefined> {
  const ids = await redis.lrange(worker.toKey('active'), 0, -1);
  if (ids.length === 0) return undefined;
  const tokens = await redis.mget(ids.map(id => `${worker.toKey(id)}:lock`));
  return ids[tokens.indexOf(token)];
}

function isReadable(name: string, text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return name !== 'opts' || (typeof value === 'object' && value !== null);
  } catch {
    return false;
  }
}
