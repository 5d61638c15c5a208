import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type DecideOptions, type Decision, decide } from '../../src/batch/decide.js';
import type { Input } from '../../src/batch/inputs/input.js';
import { Database } from '../../src/batch/ledger/database.js';
import { expireEntries, listJobs, mergeLedgers, retryJobs } from '../../src/batch/ledger/housekeeping.js';
import { isInShard, Ledger, type PendingJob } from '../../src/batch/ledger/ledger.js';
import type { RunRecord } from '../../src/model/run-record.js';
import { sha256OfFiles } from '../../src/system/file-hash.js';
import { identifyProcess } from '../../src/system/process-identity.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
let count = 0;
const newLedgerPath = () => join(folder, `ledger-${count++}.sqlite`);

function input(path: string, relative = path.split('/').at(-1)!): Input {
  const parent =
    path
      .slice(0, -relative.length - 1)
      .split('/')
      .at(-1) || 'root';
  return { path, relative, parent, stem: relative.replace(/\.[^.]*$/, '') };
}

async function* several(inputs: readonly Input[]): AsyncGenerator<Input> {
  yield* inputs;
}

/** The ledger's unfinished videos, in order. */
function pending(ledger: Ledger): PendingJob[] {
  const found: PendingJob[] = [];
  for (let next = ledger.pendingAfter(0); next; next = ledger.pendingAfter(next.position)) found.push(next);
  return found;
}

async function namesOf(inputs: readonly Input[], path = newLedgerPath()): Promise<Record<string, string>> {
  using ledger = new Ledger(path);
  await ledger.register(several(inputs), undefined);
  return Object.fromEntries(pending(ledger).map(({ given, job }) => [given, job.name]));
}

describe('names of outputs', () => {
  test('are the path below the folder without its extension; with it if two would share a name, ignoring case', async () => {
    const names = await namesOf(
      ['/v/walk.mp4', '/v/walk.mov', '/v/Run.mp4', '/v/run.MP4', '/v/sit.mp4'].map(path => input(path)),
    );
    expect(names).toEqual({
      '/v/walk.mp4': 'walk.mp4',
      '/v/walk.mov': 'walk.mov',
      '/v/Run.mp4': expect.stringMatching(/^Run\.mp4\.[0-9a-f]{8}$/),
      '/v/run.MP4': expect.stringMatching(/^run\.MP4\.[0-9a-f]{8}$/),
      '/v/sit.mp4': 'sit',
    });
  });

  test('include the folder if files in several folders share a name; the order does not matter', async () => {
    const inputs = ['/a/walk.mp4', '/b/walk.mp4', '/c/other.mp4'].map(path => input(path));
    const names = await namesOf(inputs);
    expect(names).toEqual({ '/a/walk.mp4': 'a/walk', '/b/walk.mp4': 'b/walk', '/c/other.mp4': 'other' });
    expect(await namesOf([...inputs].reverse())).toEqual(names);
  });

  test('are never shared by two videos', async () => {
    const paths = [
      '/x/a/walk.mp4',
      '/y/a/walk.mp4',
      '/x/a/walk.mov',
      '/z/walk.mp4',
      '/z/walk.mp4.mp4',
      '/z/a/walk.avi',
    ];
    const names = Object.values(await namesOf(paths.map(path => input(path))));
    expect(new Set(names.map(name => name.toLowerCase())).size).toBe(paths.length);
  });

  test('stay with the first video if a namesake comes later', async () => {
    const path = newLedgerPath();
    expect(await namesOf([input('/v/walk.mp4')], path)).toEqual({ '/v/walk.mp4': 'walk' });
    expect(await namesOf([input('/v/walk.mp4'), input('/v/walk.mov')], path)).toEqual({
      '/v/walk.mp4': 'walk',
      '/v/walk.mov': 'walk.mov',
    });
  });

  test('a video named twice is one', async () => {
    using ledger = new Ledger(newLedgerPath());
    expect(await ledger.register(several([input('/v/walk.mp4'), input('/v/walk.mp4')]), undefined)).toMatchObject({
      own: 1,
    });
  });
});

describe('shards', () => {
  test('each video is in one of them, by its path alone', () => {
    const paths = Array.from({ length: 1000 }, (_, i) => `clip-${i}.mp4`);
    const sizes = [1, 2, 3, 4].map(index => paths.filter(path => isInShard(path, { index, count: 4 })).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1000);
    for (const size of sizes) expect(size).toBeGreaterThan(200);
  });

  test('names are the same as without', async () => {
    const inputs = ['/a/walk.mp4', '/b/walk.mp4', '/a/sit.mp4', '/a/sit.mov', '/b/run.mp4'].map(path => input(path));
    const all = await namesOf(inputs);
    const sharded: Record<string, string> = {};
    for (const index of [1, 2, 3]) {
      using ledger = new Ledger(newLedgerPath());
      await ledger.register(several(inputs), { index, count: 3 });
      for (const { given, job } of pending(ledger)) sharded[given] = job.name;
    }
    expect(sharded).toEqual(all);
  });

  test('their ledgers merge; the later end of a video counts', async () => {
    const [first, second, whole] = [newLedgerPath(), newLedgerPath(), newLedgerPath()];
    for (const [path, ended] of [
      [first, 10],
      [second, 20],
    ] as const) {
      await namesOf([input('/v/both.mp4'), input(`/v/only-${ended}.mp4`)], path);
      using db = new Database(path);
      db.run("UPDATE jobs SET state = 'failed', error_code = ?, ended_at = ?", `E${ended}`, ended);
    }
    using db = new Database(whole);
    mergeLedgers(db, [first, second]);
    mergeLedgers(db, [first, second]);
    const found = Object.fromEntries([...listJobs(db, [])].map(job => [job.name, job.error?.code]));
    expect(found).toEqual({ both: 'E20', 'only-10': 'E10', 'only-20': 'E20' });
  });
});

/** A finished video with one output, in the form for `complete`. */
async function completeWith(ledger: Ledger, { job }: PendingJob, outDir: string): Promise<void> {
  const output = join(outDir, `${job.name}.csv`);
  await writeFile(output, 'rows');
  const { size, mtimeMs } = await stat(output);
  const record = {
    frames: { decoded: 3, detected: 1, tracked: 1, missing: 1, filled: 0 },
    seconds: { wall: 2 },
    peakMemory: { treeFixed: null, treePss: null, treeRss: 5 },
    input: { sha256: await sha256OfFiles([job.path]) },
  } as unknown as RunRecord;
  ledger.complete(job.id, record, [
    { path: `${job.name}.csv`, bytes: size, modified: mtimeMs, sha256: await sha256OfFiles([output]) },
  ]);
}

/** A folder with a finished video. */
async function finished(): Promise<{
  video: string;
  path: string;
  outDir: string;
  look: (video?: string, options?: Partial<DecideOptions>) => Promise<Decision['what']>;
}> {
  const outDir = await temporaryFolder();
  const video = join(outDir, 'walk.mp4');
  const path = join(outDir, 'ledger.sqlite');
  await writeFile(video, 'a video');
  const options: DecideOptions = {
    outDir,
    optionsHash: 'h',
    force: false,
    retryFailed: false,
    overwrite: false,
    noLedger: false,
    since: Date.now() + 1000,
  };
  {
    using ledger = new Ledger(path);
    await ledger.register(several([input(video)]), undefined);
    const [job] = pending(ledger) as [PendingJob];
    const decision = await decide(ledger, job, options);
    if (decision.what !== 'run') throw new Error(decision.what);
    ledger.claim(decision.job, 'h', decision.facts);
    ledger.begin(job.job.id, identifyProcess());
    await completeWith(ledger, job, outDir);
  }
  const look = async (which = video, more: Partial<DecideOptions> = {}) => {
    using ledger = new Ledger(path);
    await ledger.register(several([input(which)]), undefined);
    const [job] = pending(ledger) as [PendingJob];
    return (await decide(ledger, job, { ...options, ...more })).what;
  };
  return { video, path, outDir, look };
}

describe('a finished video', () => {
  test('is skipped; not with other options or with --force', async () => {
    const { look } = await finished();
    expect(await look()).toBe('skip');
    expect(await look(undefined, { optionsHash: 'other' })).toBe('run');
    expect(await look(undefined, { force: true })).toBe('run');
    // Results of another command since this one began are not repeated.
    expect(await look(undefined, { force: true, since: 0 })).toBe('skip');
  });

  test('runs again if its content has changed, but not if only its time has', async () => {
    const { video, look } = await finished();
    await utimes(video, 1, 1);
    expect(await look()).toBe('skip');
    await writeFile(video, 'A VIDEO');
    expect(await look()).toBe('run');
  });

  test('runs again if an output was changed or removed', async () => {
    const { outDir, look } = await finished();
    await utimes(join(outDir, 'walk.csv'), 1, 1);
    expect(await look()).toBe('skip');
    await writeFile(join(outDir, 'walk.csv'), 'ROWS');
    expect(await look()).toBe('run');
    await rm(join(outDir, 'walk.csv'));
    expect(await look()).toBe('run');
  });

  test('is recognised after a move, but not after a copy', async () => {
    const { video, outDir, look } = await finished();
    const other = join(outDir, 'renamed.mp4');
    await copyFile(video, other);
    expect(await look(other)).toBe('run');
    await rm(video);
    await rename(other, join(outDir, 'again.mp4'));
    expect(await look(join(outDir, 'again.mp4'))).toBe('skip');
    expect(await look(join(outDir, 'again.mp4'))).toBe('skip');
  });

  test('keeps its results from another video with the same name', async () => {
    const { outDir, path } = await finished();
    const other = join(await temporaryFolder(), 'walk.mp4');
    await writeFile(other, 'another');
    using ledger = new Ledger(path);
    await ledger.register(several([input(other)]), undefined);
    const [job] = pending(ledger) as [PendingJob];
    const options: DecideOptions = {
      outDir,
      optionsHash: 'h',
      force: false,
      retryFailed: false,
      overwrite: false,
      noLedger: false,
      since: 0,
    };
    expect(await decide(ledger, job, options)).toMatchObject({ what: 'refuse', error: { code: 'OUTPUT_TAKEN' } });
    expect(await decide(ledger, job, { ...options, overwrite: true })).toMatchObject({ what: 'run' });
  });
});

describe('a failed video', () => {
  test('is not retried automatically; but it is with --retry-failed, after jobs retry, or if it has changed', async () => {
    const { video, path, look } = await finished();
    const fail = () => {
      using db = new Database(path);
      db.run("UPDATE jobs SET state = 'failed', error_code = 'INPUT_DAMAGED', error_message = 'm'");
    };
    fail();
    expect(await look()).toBe('failed');
    expect(await look(undefined, { retryFailed: true })).toBe('run');
    await writeFile(video, 'repaired');
    expect(await look()).toBe('run');
    await writeFile(video, 'a video');
    expect(await look()).toBe('failed');
    {
      using db = new Database(path);
      expect(retryJobs(db, [])).toHaveLength(1);
    }
    expect(await look()).toBe('run');
  });

  test.each(['DECODER_FAILED', 'NOT_ENOUGH_MEMORY', 'INPUT_TOO_LARGE'])(
    'is tried again by the next command where it was not the video that failed (%s)',
    async code => {
      const { path, look } = await finished();
      {
        using db = new Database(path);
        db.run(`UPDATE jobs SET state = 'failed', error_code = '${code}', error_message = 'm'`);
      }
      expect(await look()).toBe('run');
      // Not repeatedly by one command.
      expect(await look(undefined, { since: 0 })).toBe('failed');
    },
  );

  test('is forgotten in time; a finished one is not', async () => {
    const { path, outDir } = await finished();
    await namesOf([input('/v/broken.mp4')], path);
    using db = new Database(path);
    db.run("UPDATE jobs SET state = 'failed', ended_at = 1 WHERE state = 'queued'");
    db.run("UPDATE jobs SET ended_at = 1 WHERE state = 'done'");
    expect(await expireEntries(db, outDir, 2)).toBe(1);
    expect([...listJobs(db, [])].map(({ state }) => state)).toEqual(['done']);
  });
});

describe('two commands on one ledger', () => {
  test('a video is claimed once, and only by the command that has read its current row', async () => {
    const path = newLedgerPath();
    using first = new Ledger(path);
    using second = new Ledger(path);
    for (const ledger of [first, second]) await ledger.register(several([input('/v/walk.mp4')]), undefined);
    const [a, b] = [first, second].map(ledger => pending(ledger)[0]!);
    expect(first.claim(a!.job, 'h', undefined)).toBe(true);
    expect(second.claim(b!.job, 'h', undefined)).toBe(false);
  });

  test('a running video is waited for while its process lives, and taken over after that has died', async () => {
    const path = newLedgerPath();
    using ledger = new Ledger(path);
    await ledger.register(several([input('/v/walk.mp4')]), undefined);
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    const runner = JSON.stringify(identifyProcess(other.pid));
    ledger.database.run("UPDATE jobs SET state = 'running', runner = ?, lease_until = ?", runner, Date.now() + 60_000);
    const holder = () => ledger.holder(pending(ledger)[0]!.job);
    expect(holder()).toBe('other');
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(holder()).toBe('nobody');
  });

  test("for another machine's, only the lease counts", async () => {
    using ledger = new Ledger(newLedgerPath());
    await ledger.register(several([input('/v/walk.mp4')]), undefined);
    const runner = JSON.stringify({ host: 'elsewhere', pid: 1, started: '1' });
    const holderAt = (lease: number) => {
      ledger.database.run("UPDATE jobs SET state = 'running', runner = ?, lease_until = ?", runner, lease);
      return ledger.holder(pending(ledger)[0]!.job);
    };
    expect(holderAt(Date.now() + 60_000)).toBe('other');
    expect(holderAt(Date.now() - 1)).toBe('nobody');
  });
});

describe('a ledger file', () => {
  test('that is not a ledger, or a newer one, is named with the remedy', async () => {
    const path = newLedgerPath();
    await writeFile(path, 'this is not SQLite, and long enough to be looked at as if it were. '.repeat(20));
    expect(() => new Database(path)).toThrow(expect.objectContaining({ code: 'LEDGER_INVALID' }));
    const newer = newLedgerPath();
    {
      using db = new Database(newer);
      db.exec('PRAGMA user_version = 99');
    }
    expect(() => new Database(newer)).toThrow(/newer bodyscript/);
  });
});
