import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { AnalyzeOptions } from '../../src/analyze/options.js';
import type { BatchRequest } from '../../src/batch/batch.js';
import type { Step } from '../../src/batch/docket.js';
import { nothingPassedOver } from '../../src/batch/inputs/passed-over.js';
import { Database } from '../../src/batch/ledger/database.js';
import { ledgerPath } from '../../src/batch/ledger/ledger.js';
import { LedgerDocket } from '../../src/batch/ledger-docket.js';
import { SingleDocket } from '../../src/batch/single-docket.js';
import { toAnalyzeOptions } from '../../src/options/analyze-options.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { identifyProcess } from '../../src/system/process-identity.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
afterAll(() => other.kill('SIGKILL'));
const goesOn = () => false;

let count = 0;

/** A request for files that are not videos: nothing here decodes them. */
async function requestFor(names: readonly string[]): Promise<BatchRequest> {
  const outDir = join(folder, `out-${count++}`);
  const paths = names.map(name => join(folder, name));
  await Promise.all(paths.map(path => writeFile(path, path)));
  const usual = toAnalyzeOptions(resolveOptions(ANALYZE, []));
  const options: AnalyzeOptions = { ...usual, outputs: { ...usual.outputs, outDir } };
  const places = { fromFile: undefined, nullSeparated: false, include: [], exclude: [], hidden: false, follow: false };
  return {
    inputs: { ...places, paths, outDir },
    options,
    jobs: 1,
    limits: { timeoutMs: undefined, stallMs: 60_000 },
    force: false,
    retryFailed: false,
    shard: undefined,
    keepMs: 1e12,
    single: undefined,
    part: undefined,
    noLedger: false,
  };
}

const nameOf = (step: Step | undefined) => step?.video.job.name;

test('waits for a video that another command is analysing, even after handing out later ones', async () => {
  const request = await requestFor(['a.mp4', 'b.mp4']);
  using docket = new LedgerDocket(request);
  expect(await docket.open(nothingPassedOver())).toBe(2);
  using db = new Database(ledgerPath(request.options.outputs.outDir));
  const runner = JSON.stringify(identifyProcess(other.pid));
  db.run(
    "UPDATE jobs SET state = 'running', runner = ?, lease_until = ? WHERE name = 'a'",
    runner,
    Date.now() + 60_000,
  );
  expect(nameOf(await docket.next(goesOn))).toBe('b');
  const next = docket.next(goesOn);
  db.run("UPDATE jobs SET state = 'queued', runner = NULL, version = version + 1 WHERE name = 'a'");
  expect(nameOf(await next)).toBe('a');
});

test('hands a video out once, alone at the end if it is deferred, and not after the command was asked to stop', async () => {
  using docket = new LedgerDocket(await requestFor(['a.mp4', 'b.mp4', 'c.mp4']));
  await docket.open(nothingPassedOver());
  const first = (await docket.next(goesOn)) as Step;
  expect(first).toMatchObject({ what: 'analyse', alone: false });
  docket.defer(first.video);
  const second = (await docket.next(goesOn)) as Step;
  expect(second).toMatchObject({ what: 'analyse', alone: false });
  docket.note(second.video, 'interrupted', {
    kind: 'failed',
    error: { code: 'INTERRUPTED', message: 'stopped', remedy: undefined, exitCode: undefined },
    kept: [],
  });
  expect(nameOf(await docket.next(goesOn))).toBe('c');
  expect(await docket.next(goesOn)).toMatchObject({ alone: true, video: { job: { name: first.video.job.name } } });
  expect(await docket.next(goesOn)).toBeUndefined();
  expect([...docket.outcomes()].map(({ outcome }) => outcome)).toEqual([null, 'interrupted', null]);

  using stopped = new LedgerDocket(await requestFor(['a.mp4']));
  await stopped.open(nothingPassedOver());
  expect(await stopped.next(() => true)).toBeUndefined();
});

test('hands a single video without a ledger out once, under its name', async () => {
  const docket = new SingleDocket('-', 'stdin');
  expect(await docket.open()).toBe(1);
  expect(await docket.next(goesOn)).toMatchObject({
    what: 'analyse',
    video: { given: '-', job: { name: 'stdin' } },
  });
  expect(await docket.next(goesOn)).toBeUndefined();
  expect(await new SingleDocket('-', 'stdin').next(() => true)).toBeUndefined();
});
