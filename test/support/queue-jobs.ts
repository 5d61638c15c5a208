import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { toAnalyzeOptions } from '../../src/options/analyze-options.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { type JobData, jobId, newJob } from '../../src/queue/job-data.js';
import type { NewJob } from '../../src/queue/job-store.js';

const WORKER = fileURLToPath(new URL('queue-worker.mjs', import.meta.url));
export const USUAL = toAnalyzeOptions(resolveOptions(ANALYZE, []));

/** A job as `submit` makes it, of a video that need not exist. */
export function madeJob(outDir: string, name: string, fields: Partial<JobData> = {}): NewJob {
  const usual = { path: `${outDir}/${name}.mp4`, outDir, name, bytes: null, modified: null, etag: null, options: {} };
  const data = newJob({ ...usual, force: false, retryFailed: false, submittedAt: Date.now(), ...fields });
  return { id: jobId(data, USUAL), data };
}

/** How `queue-worker.mjs` works. */
export interface WaitingWork {
  readonly url: string;
  readonly lockMs: number;
  /** What the analysis of a video takes. */
  readonly waitMs: number;
  readonly lanes: number;
  /** Gets a line for each video that is published. */
  readonly file: string;
  /** Whether it is ready after one job, and begins with the others only when it may: see `go`. */
  readonly gated?: boolean;
}

/** What a worker has done, by its own clock: milliseconds since 1970. */
export interface WaitingSpan {
  readonly videos: number;
  /** When it took its first video. */
  readonly first: number;
  /** When its last video was done. */
  readonly last: number;
}

/** A worker at some number of videos. */
export interface WaitingMark {
  readonly videos: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Resident memory in bytes. */
  readonly memory: number;
}

/** A worker in a process of its own, whose analysis only waits. */
export class WaitingWorker {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  /** What it said, a line each. */
  said = '';
  readonly #heard: (() => void)[] = [];

  constructor({ url, lockMs, waitMs, lanes, file, gated = false }: WaitingWork) {
    const args = [WORKER, url, String(lockMs), String(waitMs), String(lanes), file, ...(gated ? ['gate'] : [])];
    this.process = spawn(process.execPath, args, { stdio: [gated ? 'pipe' : 'ignore', 'pipe', 'inherit'] });
    this.process.stdout?.on('data', text => {
      this.said += text;
      for (const hear of this.#heard.splice(0)) hear();
    });
    this.ended = new Promise(resolve => this.process.on('close', resolve));
  }

  /** Settles when it has said this. @throws Error where it ended before */
  async says(words: string): Promise<void> {
    while (!this.said.includes(words)) {
      const heard = new Promise<boolean>(resolve => this.#heard.push(() => resolve(false)));
      if (await Promise.race([heard, this.ended.then(() => true)])) {
        if (!this.said.includes(words)) throw new Error(`the worker ended without "${words}": ${this.said}`);
      }
    }
  }

  /** Lets a gated worker begin. */
  go(): void {
    this.process.stdin?.end('go\n');
  }

  /** Undefined before it has ended. */
  get span(): WaitingSpan | undefined {
    const [, videos, first, last] = /^span (\d+) ([\d.]+) ([\d.]+)$/m.exec(this.said) ?? [];
    return videos === undefined ? undefined : { videos: Number(videos), first: Number(first), last: Number(last) };
  }

  /** One for every 250 videos. */
  get marks(): WaitingMark[] {
    return [...this.said.matchAll(/^at (\d+) (\d+) (\d+)$/gm)].map(([, videos, at, memory]) => ({
      videos: Number(videos),
      at: Number(at),
      memory: Number(memory),
    }));
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }
}
