import { BodyscriptError } from '../errors.js';

/** Jobs that this worker must not do, and leaves for others: it met them since the last one of its own. */
export class OutsideJobs {
  readonly #met = new Set<string>();
  #isWarned = false;
  #hasOwn = false;

  /** A job of this worker's own: those that it left may be done by others meanwhile. */
  meetOwn(): void {
    this.#hasOwn = true;
    this.#met.clear();
  }

  /** @returns whether it met this job before, and none of its own since */
  meet(id: string): boolean {
    const isAgain = this.#met.has(id);
    this.#met.add(id);
    return isAgain;
  }

  /** Whether this worker never met a job that it may do. */
  get isUseless(): boolean {
    return !this.#hasOwn;
  }

  /** The first time that a job is left, in words. */
  get warning(): string | undefined {
    const isFirst = !this.#isWarned;
    this.#isWarned = true;
    return isFirst ? 'this job, and others outside --within, are left for other workers' : undefined;
  }

  /** @param cause about the job that was met last */
  end(cause: BodyscriptError): BodyscriptError {
    return new BodyscriptError('JOB_OUTSIDE', `nothing in the queue is for this worker: ${cause.message}`, {
      cause,
      remedy: cause.remedy ?? '',
    });
  }
}

/** @param place of a video, or of results */
export function outside(place: string, within: readonly string[]): BodyscriptError {
  return new BodyscriptError('JOB_OUTSIDE', `${place} is outside ${within.join(' and ')} (--within)`, {
    remedy: 'Correct --within, or start a worker that may do these jobs: they stay in the queue.',
  });
}
