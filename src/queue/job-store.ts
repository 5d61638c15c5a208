import { randomUUID } from 'node:crypto';
import type { Job, Queue, Worker } from 'bullmq';
import type { BodyscriptError, PlainError } from '../errors.js';
import { connectQueue, type QueueConnection } from './connect.js';
import { failureNote } from './failure-note.js';
import type { JobData } from './job-data.js';
import { isLost, isSilence, queueError } from './queue-error.js';
import { isUnreadable, repairTaken } from './repair-job.js';

/** A job belongs to its worker for this long, unless the lock is renewed. */
const LOCK_MS = 30_000;
/** Workers that a job may lose (killed, or silent for longer than its lock) before it fails. */
const LOST_WORKERS = 3;
/** Jobs that have ended are forgotten after 30 days. */
const KEPT_SECONDS = 30 * 86_400;
/** A worker waits this long for a job, and then looks whether it is to stop. */
const WAIT_SECONDS = 0.5;
const QUEUE_NAME = 'videos';
const PREFIX = 'bodyscript';
/** States of jobs that are not yet done. */
const OPEN = ['wait', 'prioritized', 'delayed', 'active'] as const;

/** A job that this worker holds. */
export interface HeldJob {
  readonly id: string;
  /** As it was read, unchecked. */
  readonly data: unknown;
  /** Attempts that have ended before this one. */
  readonly attempts: number;
  /** Whether it has lost too many workers to be tried again. */
  readonly isWornOut: boolean;
  readonly job: Job;
  readonly token: string;
}

/** States whose jobs can be listed. */
export type ListedState = 'active' | 'failed' | 'wait' | 'delayed';

/** What is asked about a job. */
export type ListedJob = Pick<Job, 'id' | 'data' | 'attemptsMade' | 'failedReason' | 'finishedOn'> &
  Partial<Pick<Job, 'progress' | 'processedOn'>>;

/** A job to add. */
export interface NewJob {
  readonly id: string;
  readonly data: JobData;
}

/**
 * The jobs of a queue in Redis. Each method that asks the server throws BodyscriptError `QUEUE_UNREACHABLE` where it
 * does not answer.
 */
export class JobStore implements AsyncDisposable {
  readonly connection: QueueConnection;
  readonly #queue: Queue;
  readonly #worker: Worker;
  readonly #lockMs: number;
  /** Waits for BullMQ's mark that a job was added; a connection that waits can do nothing else meanwhile. */
  readonly #waiter: QueueConnection['redis'];
  #isWatching = false;

  private constructor(connection: QueueConnection, lockMs: number) {
    const { bullmq, redis } = connection;
    const shared = { connection: redis, prefix: PREFIX, skipVersionCheck: true };
    this.connection = connection;
    this.#lockMs = lockMs;
    this.#waiter = redis.duplicate();
    this.#waiter.on('error', () => {});
    this.#queue = new bullmq.Queue(QUEUE_NAME, shared);
    this.#worker = new bullmq.Worker(QUEUE_NAME, null, {
      ...shared,
      autorun: false,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: LOST_WORKERS,
    });
    // Who asks gets the error; without a listener, the same error would end the process.
    this.#queue.on('error', () => {});
    this.#worker.on('error', () => {});
  }

  /** @param lockMs how long a job stays this worker's without `extend` */
  static async open(url: string, warn: (message: string) => void, lockMs = LOCK_MS): Promise<JobStore> {
    const connection = await connectQueue(url, warn);
    const store = new JobStore(connection, lockMs);
    try {
      await store.#ask(() => Promise.all([store.#queue.waitUntilReady(), store.#worker.waitUntilReady()]));
      return store;
    } catch (error) {
      await store[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Key of this program's own in the same database. */
  keyFor(name: string): string {
    return `${PREFIX}:${name}`;
  }

  /** Runs commands of Redis, with this queue's errors. */
  run<T>(work: (redis: QueueConnection['redis']) => Promise<T>): Promise<T> {
    return this.#ask(() => work(this.connection.redis));
  }

  /**
   * Adds jobs that are not in the queue yet.
   * @param replaces whether a job that has ended is added again
   * @param onKnown gets the state of each job that stays as it is
   * @returns how many were added
   */
  async add(
    jobs: readonly NewJob[],
    attempts: number,
    replaces: (state: string) => boolean,
    onKnown: (state: string) => void = () => {},
  ): Promise<number> {
    return this.#ask(async () => {
      const states = await Promise.all(jobs.map(({ id }) => this.#queue.getJobState(id)));
      const again = jobs.filter((_, at) => replaces(states[at] ?? 'unknown'));
      for (const { id } of again) await this.#queue.remove(id);
      const added = jobs.filter((job, at) => states[at] === 'unknown' || again.includes(job));
      for (const [at, job] of jobs.entries()) if (!added.includes(job)) onKnown(states[at] ?? 'unknown');
      const keep = { age: KEPT_SECONDS };
      await this.#queue.addBulk(
        added.map(({ id, data }) => ({
          name: data.name,
          data,
          opts: { jobId: id, attempts, removeOnComplete: keep, removeOnFail: keep, stackTraceLimit: 0 },
        })),
      );
      return added.length;
    });
  }

  /**
   * Takes the next job. BullMQ's own waiting for one is not used: it swallows failures, and connects again for ever.
   * @param waits whether to wait up to half a second for one to be added
   */
  async take(waits = false): Promise<HeldJob | undefined> {
    if (waits) await this.#ask(() => this.#waiter.bzpopmin(this.#queue.toKey('marker'), WAIT_SECONDS));
    if (!this.#isWatching) await this.#ask(() => this.#worker.startStalledCheckTimer());
    this.#isWatching = true;
    const token = randomUUID();
    const job = await this.#ask(() => this.#next(token));
    if (!job) return undefined;
    const { id = '', data, attemptsMade: attempts, deferredFailure } = job;
    return { id, data, attempts, isWornOut: Boolean(deferredFailure), job, token };
  }

  /** Keeps a job for another while. @returns false where it is no longer this worker's */
  async extend({ job, token }: HeldJob): Promise<boolean> {
    return this.#ask(async () => Boolean(await job.extendLock(token, this.#lockMs)));
  }

  /** @returns false where the job is no longer this worker's */
  async complete({ job, token }: HeldJob, result: 'done' | 'skipped' | 'waiting'): Promise<boolean> {
    return this.#change(() => job.moveToCompleted(result, token, false));
  }

  /** Notes a failure; a job with attempts left waits again. @param isFinal whether no attempt is left in any case */
  async fail({ job, token }: HeldJob, error: PlainError, isFinal: boolean): Promise<boolean> {
    const { UnrecoverableError } = this.connection.bullmq;
    const note = failureNote(error);
    const reason = isFinal ? new UnrecoverableError(note) : new Error(note);
    reason.stack = note;
    return this.#change(() => job.moveToFailed(reason, token));
  }

  /** Keeps who analyses a job, and how far it is. @returns false where the queue has forgotten the job */
  async noteProgress({ job }: HeldJob, progress: object): Promise<boolean> {
    return this.#change(() => job.updateProgress(progress));
  }

  /** Lets a failed job wait again, with all its attempts. @returns false where it cannot be read, or is not failed */
  async retry(id: string): Promise<boolean> {
    const job = await this.#ask(() => this.#queue.getJob(id)).catch(() => undefined);
    if (typeof job?.data !== 'object' || job.data === null) return false;
    return this.#change(async () => {
      // Otherwise the workers that it has lost before would count against it.
      await this.connection.redis.hdel(this.#queue.toKey(id), 'stc');
      // A file beside the outputs has the failure as well.
      await job.updateData({ ...job.data, retryFailed: true });
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    });
  }

  /** The state of each job; `unknown`: the queue has none with this id. */
  async statesOf(ids: readonly string[]): Promise<string[]> {
    return this.#ask(() => Promise.all(ids.map(id => this.#queue.getJobState(id))));
  }

  /** Forgets a job, unless a worker holds it. */
  async remove(id: string): Promise<void> {
    await this.#ask(() => this.#queue.remove(id));
  }

  /** Whether another attempt is left after this one. */
  hasAttempts({ job }: HeldJob): boolean {
    return job.attemptsMade + 1 < (job.opts.attempts ?? 1);
  }

  /** Lets a job wait again, without the loss of an attempt. @param delayMs before it is handed out again */
  async putBack({ job, token }: HeldJob, delayMs = 0): Promise<boolean> {
    return this.#change(() => (delayMs === 0 ? job.moveToWait(token) : job.moveToDelayed(Date.now() + delayMs, token)));
  }

  /** How many jobs wait or are analysed, by any worker. */
  async remaining(): Promise<number> {
    const counts = await this.counts();
    return OPEN.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  }

  async counts(): Promise<Readonly<Record<string, number>>> {
    return this.#ask(() => this.#queue.getJobCounts(...OPEN, 'completed', 'failed'));
  }

  /**
   * Jobs in a state, the latest first; of one that is not even JSON, only the id.
   * @param from index of the first @param to index of the last
   */
  async list(state: ListedState, from: number, to: number): Promise<ListedJob[]> {
    return this.#ask(async () => {
      const ids = await this.#queue.getRanges([state], from, to);
      return Promise.all(ids.map(id => this.#listedJob(id)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#worker.close(true), this.#queue.close()]);
    this.#waiter.disconnect();
    this.connection[Symbol.dispose]();
  }

  /** The next job; one that is not even JSON is made readable, so that its reader refuses it. */
  async #next(token: string): Promise<Job | undefined> {
    try {
      return await this.#worker.getNextJob(token, { block: false });
    } catch (error) {
      const { bullmq, redis } = this.connection;
      const repaired = isUnreadable(error) ? await repairTaken(bullmq, this.#worker, redis, token) : undefined;
      if (!repaired) throw error;
      return repaired;
    }
  }

  async #listedJob(id: string): Promise<ListedJob> {
    const unreadable = { id, data: undefined, attemptsMade: 0, failedReason: '' };
    try {
      return (await this.#queue.getJob(id)) ?? unreadable;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return unreadable;
    }
  }

  async #change(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (isLost(error)) return false;
      throw this.#failure(error);
    }
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** After a silence, further commands fail at once: a worker that ends would wait for each of them. */
  #failure(error: unknown): BodyscriptError {
    const { redis, shown } = this.connection;
    if (isSilence(error)) for (const one of [redis, this.#waiter]) if (one.status === 'ready') one.disconnect();
    return queueError(error, shown);
  }
}
