import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../../src/batch/ledger/database.js';
import { ledgerPath } from '../../src/batch/ledger/ledger.js';
import { FAST, jobsIn, makeClips } from '../support/batch-runs.js';
import { CAN_OBEY_PERMISSIONS, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const clips = await makeClips(folder, 'clips', 1);
const onPosix = process.platform !== 'win32';
let count = 0;

/** A folder with the results of one video, without a ledger. */
async function results(): Promise<string> {
  const out = join(folder, `results-${count++}`);
  await cp(join(folder, 'bare'), out, { recursive: true });
  return out;
}

const rebuild = (out: string) => runCli(['jobs', 'rebuild', '-o', out]);

const FAILURE = {
  failureVersion: 1,
  tool: { name: 'bodyscript', version: '1' },
  endedAt: '2026-01-01T00:00:00.000Z',
  input: { path: join(clips, 'clip-00.mp4'), bytes: 1, modified: 1 },
  optionsHash: 'a',
  attempts: 1,
  error: { code: 'INPUT_EMPTY', message: 'empty', remedy: null },
};

async function fail(out: string, failure: object): Promise<void> {
  await rm(join(out, 'clip-00.run.json'));
  await writeFile(join(out, 'clip-00.failed.json'), JSON.stringify(failure));
}

beforeAll(async () => {
  const { code } = await runCli(['analyze', clips, '-o', join(folder, 'bare'), '--no-ledger', ...FAST]);
  expect(code).toBe(0);
});

describe('bodyscript jobs rebuild', () => {
  const change = async (out: string, edit: (record: Record<string, unknown>) => unknown) => {
    const path = join(out, 'clip-00.run.json');
    await writeFile(path, JSON.stringify(edit(JSON.parse(await readFile(path, 'utf8')))));
  };

  test.each<[string, RegExp, (out: string) => Promise<unknown>]>([
    ['a record of another kind', /is not a run record/, out => writeFile(join(out, 'clip-00.run.json'), '{"a": 1}')],
    ['a record of gigabytes', /larger than|too large/, out => truncate(join(out, 'clip-00.run.json'), 3 * 2 ** 30)],
    ['a record of a stopped run', /its run is interrupted/, out => change(out, r => ({ ...r, status: 'interrupted' }))],
    [
      'times that cannot be read',
      /does not say when|is not a run record/,
      out => change(out, r => ({ ...r, startedAt: 'soon' })),
    ],
    ['a table that is gone', /its output clip-00\.csv is missing/, out => rm(join(out, 'clip-00.csv'))],
    [
      'a failure whose time cannot be read',
      /not a failure that bodyscript wrote/,
      out => fail(out, { ...FAILURE, endedAt: 'soon' }),
    ],
    [
      'a failure of a path that no system has',
      /clip-00: path has a NUL/,
      out => fail(out, { ...FAILURE, input: { ...FAILURE.input, path: '/clips/a\0b' } }),
    ],
    [
      'a failure with a code that no error has',
      /clip-00: error_code is not a code/,
      out => fail(out, { ...FAILURE, error: { ...FAILURE.error, code: 'no code' } }),
    ],
    [
      'a failure of a file from after the last date',
      /clip-00: modified /,
      out => fail(out, { ...FAILURE, input: { ...FAILURE.input, modified: 1e300 } }),
    ],
  ])('skips %s, and says why', async (_, says, spoil) => {
    const out = await results();
    await spoil(out);
    const { code, stdout, stderr } = await rebuild(out);
    expect([code, stderr, stdout]).toEqual([0, expect.stringMatching(says), expect.stringMatching(/1 not readable/)]);
    expect(await jobsIn(out)).toEqual([]);
  });

  test.skipIf(!onPosix).each<[string, RegExp, (table: string) => Promise<unknown>]>([
    ['a link to a file elsewhere', /a link that leads out of the folder/, table => symlink('/etc/hostname', table)],
    ['a pipe', /is no regular file/, async table => execFileSync('mkfifo', [table])],
    ['a folder', /is no regular file/, table => mkdir(table)],
  ])('does not read an output that is %s', async (_, says, make) => {
    const out = await results();
    await rm(join(out, 'clip-00.csv'));
    await make(join(out, 'clip-00.csv'));
    const { code, stderr } = await rebuild(out);
    expect([code, stderr]).toEqual([0, expect.stringMatching(says)]);
    expect(await jobsIn(out)).toEqual([]);
  });

  test.skipIf(!onPosix)('follows no link to another folder, nor to itself', async () => {
    const out = await results();
    await symlink(join(folder, 'bare'), join(out, 'elsewhere'));
    await symlink('.', join(out, 'again'));
    expect((await rebuild(out)).stdout).toContain('1 done, 0 failed');
    expect((await jobsIn(out)).map(({ name }) => name)).toEqual(['clip-00']);
  });

  test.skipIf(!CAN_OBEY_PERMISSIONS || !onPosix)('goes on beside a folder that may not be read', async () => {
    const out = await results();
    await mkdir(join(out, 'closed'));
    await chmod(join(out, 'closed'), 0o000);
    const { code, stdout, stderr } = await runCli(['jobs', 'rebuild', '-o', out], { obeyPermissions: true });
    await chmod(join(out, 'closed'), 0o755);
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining('1 done'),
      expect.stringMatching(/closed: cannot be read/),
    ]);
  });

  test('believes a record that is newer than the interruption in the ledger, and keeps an entry that is done', async () => {
    const out = await results();
    await rebuild(out);
    const [done] = await jobsIn(out);
    expect(done).toMatchObject({ state: 'done', name: 'clip-00' });
    expect((await rebuild(out)).stdout).toContain('0 done, 0 failed, 1 already');
    expect((await jobsIn(out))[0]).toEqual(done);
    using db = new Database(ledgerPath(out));
    db.run("UPDATE jobs SET state = 'interrupted', ended_at = 1");
    expect((await rebuild(out)).stdout).toContain('1 done, 0 failed, 0 already');
    expect((await jobsIn(out))[0]).toMatchObject({ state: 'done', outputs: done?.outputs });
    db.run("UPDATE jobs SET state = 'interrupted', ended_at = ?", Date.now() + 60_000);
    expect((await rebuild(out)).stdout).toContain('0 done, 0 failed, 1 already');
  });
});
