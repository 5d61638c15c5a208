import type { JobData } from './job-data.js';
import type { JobStore, NewJob } from './job-store.js';
import { replaceableVersions } from './queue-standing.js';

/** A job, and the version of the file that it is about. */
interface Version extends Pick<JobData, 'bytes' | 'modified' | 'etag'> {
  readonly id: string;
}

/**
 * The failed and waiting jobs of one place of results. Where a video is submitted in another version, they can never
 * succeed: the new job replaces them.
 */
export class OlderVersions {
  readonly #store: JobStore;
  readonly #byVideo: ReadonlyMap<string, readonly Version[]>;

  private constructor(store: JobStore, byVideo: ReadonlyMap<string, readonly Version[]>) {
    this.#store = store;
    this.#byVideo = byVideo;
  }

  /** @throws BodyscriptError `QUEUE_UNREACHABLE` */
  static async find(store: JobStore, outDir: string): Promise<OlderVersions> {
    const byVideo = new Map<string, Version[]>();
    for await (const job of replaceableVersions(store)) {
      if (job.outDir !== outDir) continue;
      const versions = byVideo.get(keyOf(job));
      if (versions) versions.push(job);
      else byVideo.set(keyOf(job), [job]);
    }
    return new OlderVersions(store, byVideo);
  }

  /** Removes those that are of earlier versions of these videos. @throws BodyscriptError `QUEUE_UNREACHABLE` */
  async drop(jobs: readonly NewJob[]): Promise<void> {
    const older = jobs.flatMap(({ data }) =>
      (this.#byVideo.get(keyOf(data)) ?? []).filter(job => !isSameVersion(job, data)),
    );
    for (const id of new Set(older.map(({ id }) => id))) await this.#store.remove(id);
  }
}

const keyOf = ({ path, name }: { path: string | undefined; name: string | undefined }) => JSON.stringify([path, name]);

function isSameVersion(a: Omit<Version, 'id'>, b: Omit<Version, 'id'>): boolean {
  return a.etag === b.etag && a.bytes === b.bytes && (a.etag !== null || a.modified === b.modified);
}
