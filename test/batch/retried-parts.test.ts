import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Database } from '../../src/batch/ledger/database.js';
import { listJobs, mergeLedgers, retryJobs } from '../../src/batch/ledger/housekeeping.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
let count = 0;
const newLedgerPath = () => join(folder, `ledger-${count++}.sqlite`);

describe('jobs retry in a folder with parts', () => {
  const failAll = "UPDATE jobs SET state = 'failed', error_code = 'INPUT_MISSING', ended_at = 10";
  const stateIn = (path: string) => {
    using db = new Database(path);
    return Object.fromEntries([...listJobs(db, [])].map(({ name, state }) => [name, state]));
  };
  /** The ledgers of two parts with failed videos, and the merged one. */
  function parts(): { first: string; second: string; whole: string } {
    const [first, second, whole] = [newLedgerPath(), newLedgerPath(), newLedgerPath()];
    for (const [path, name] of [
      [first, 'one'],
      [second, 'two'],
    ] as const) {
      using db = new Database(path);
      for (const each of [name, 'both'])
        db.run('INSERT INTO jobs (path, name, queued_at) VALUES (?, ?, 1)', `/v/${each}.mp4`, each);
      db.run(failAll);
    }
    using db = new Database(whole);
    mergeLedgers(db, [first, second]);
    return { first, second, whole };
  }

  test('reaches the ledgers of the parts, each of which reads its own', () => {
    const { first, second, whole } = parts();
    using db = new Database(whole);
    expect(retryJobs(db, ['one'], [first, second])).toEqual(['one']);
    expect(stateIn(first)).toEqual({ one: 'queued', both: 'failed' });
    expect(stateIn(second)).toEqual({ two: 'failed', both: 'failed' });
    expect(retryJobs(db, [], [first, second]).sort()).toEqual(['both', 'two']);
    expect([stateIn(first), stateIn(second)]).toEqual([
      { one: 'queued', both: 'queued' },
      { two: 'queued', both: 'queued' },
    ]);
  });

  test('leaves a video alone that another command has finished since', () => {
    const { first, second, whole } = parts();
    using db = new Database(whole);
    db.run("UPDATE jobs SET state = 'done' WHERE name = 'both'");
    expect(retryJobs(db, [], [first, second]).sort()).toEqual(['one', 'two']);
    expect(stateIn(first)).toEqual({ one: 'queued', both: 'failed' });
  });

  test('changes nothing where one of the names is unknown', () => {
    const { first, second, whole } = parts();
    using db = new Database(whole);
    expect(() => retryJobs(db, ['one', 'neither'], [first, second])).toThrow('neither: no such video in the ledger');
    expect([stateIn(first), stateIn(whole)]).toEqual([
      { one: 'failed', both: 'failed' },
      { one: 'failed', two: 'failed', both: 'failed' },
    ]);
  });
});

test.skipIf(!existsSync('/sys/kernel'))('a place where no file can be made is no fault of this program', () => {
  expect(() => new Database('/sys/kernel/ledger.sqlite')).toThrow(
    expect.objectContaining({ code: 'OUTPUT_NOT_WRITABLE' }),
  );
});
