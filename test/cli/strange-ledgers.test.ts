import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Libsql from 'libsql';
import { describe, expect, test } from 'vitest';
import { CREATE_TABLES } from '../../src/batch/ledger/tables.js';
import { seeded } from '../support/chaos.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { firstOf, IS_FULL, inTurn } from '../support/full-tests.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const Sqlite = createRequire(import.meta.url)('libsql') as typeof Libsql;
const folder = await temporaryFolder();
const onPosix = process.platform !== 'win32';
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];
const video = await makeWithFfmpeg(
  ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=30:d=0.2', '-c:v', 'libx264'],
  join(folder, 'walk.mp4'),
);
const sha = 'a'.repeat(64);
let count = 0;

/** A results folder with an untrusted ledger of one failed video. */
async function strangersFolder(change: (db: Libsql.Database) => void = () => {}) {
  const around = join(folder, `around-${count++}`);
  const out = join(around, 'out');
  const ledger = join(out, '.bodyscript', 'ledger.sqlite');
  await mkdir(join(out, '.bodyscript'), { recursive: true });
  const db = new Sqlite(ledger);
  db.exec(CREATE_TABLES);
  db.prepare(
    "INSERT INTO jobs (path, name, state, queued_at, ended_at, error_code, error_message) VALUES (?, 'walk', 'failed', 1, 2, 'INPUT_DAMAGED', 'broken')",
  ).run(video);
  change(db);
  db.close();
  return { around, out, ledger, own: join(out, '.bodyscript') };
}

/** All files below a folder with their content, except the ledger's. */
async function treeOf(root: string): Promise<Record<string, string>> {
  const names = (await readdir(root, { recursive: true })).filter(name => !/\.bodyscript/.test(name)).sort();
  const entries = await Promise.all(
    names.map(async name => [name, await readFile(join(root, name), 'utf8').catch(() => 'a folder')]),
  );
  return Object.fromEntries(entries);
}

/** The form of every rejection of a ledger. */
function expectRefused({ code, stderr, signal }: CliResult, file: string): void {
  expect(stderr).toContain(file);
  expect(stderr).toMatch(/Move it away|Use that version/);
  expect(stderr).not.toMatch(/This is a bug|panicked|\n {4}at /);
  expect({ code, signal }).toEqual({ code: 1, signal: null });
}

/** Each command that reads a ledger. */
const commands = (out: string): readonly (readonly string[])[] => [
  ['jobs', 'list', '-o', out, '--json'],
  ['jobs', 'show', '1', '-o', out],
  ['jobs', 'retry', '-o', out],
  ['jobs', 'clean', '-o', out, '--keep', '0d'],
  ['jobs', 'merge', join(out, '.bodyscript', 'ledger.sqlite'), '-o', `${out}-merged`],
  ['analyze', video, '-o', out, ...FAST, '--retry-failed'],
  ['analyze', video, '-o', out, ...FAST, '--dry-run'],
];

describe('names in a ledger', () => {
  test.each(firstOf(['../victim', '/tmp/bodyscript-victim', 'sub/../../victim', ''], 2))(
    'that lead out of the folder (%j) are refused by each command: nothing outside is deleted or written',
    async name => {
      const { around, out, ledger } = await strangersFolder(db => {
        db.prepare('UPDATE jobs SET name = ?').run(name);
      });
      for (const suffix of ['.csv.partial', '.csv', '.run.json'])
        await writeFile(join(around, `victim${suffix}`), 'mine');
      const before = await treeOf(around);
      // A retry is one statement, which reads no name.
      for (const args of commands(out).filter(([, second]) => second !== 'retry'))
        expectRefused(await runCli(args), ledger);
      await rm(`${out}-merged`, { recursive: true, force: true });
      expect(await treeOf(around)).toEqual(before);
    },
  );

  test.runIf(onPosix)('that lead out of it by a link: cleaning leaves the target, and the link', async () => {
    const { around, out } = await strangersFolder(db => {
      db.exec("UPDATE jobs SET name = 'sub/walk'");
      db.prepare(
        "INSERT INTO jobs (path, name, state, queued_at, ended_at) VALUES ('/v/b.mp4', 'b', 'failed', 1, 2)",
      ).run();
    });
    await mkdir(join(around, 'elsewhere'));
    await writeFile(join(around, 'elsewhere', 'walk.csv.partial'), 'mine');
    await symlink(join(around, 'elsewhere'), join(out, 'sub'));
    await symlink(join(around, 'elsewhere', 'walk.csv.partial'), join(out, 'b.csv.partial'));
    await writeFile(join(out, 'b.ndjson.partial'), 'left');
    const result = await runCli(['jobs', 'clean', '-o', out]);
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('removed 1 file of 1 video') });
    expect(await readFile(join(around, 'elsewhere', 'walk.csv.partial'), 'utf8')).toBe('mine');
    expect((await readdir(out)).sort()).toEqual(['.bodyscript', 'b.csv.partial', 'sub']);
  });
});

describe('a row of a ledger', () => {
  const rows: readonly (readonly [what: string, sql: string])[] = [
    ['a name that is not UTF-8', "UPDATE jobs SET name = CAST(x'ff41' AS TEXT)"],
    ['a message that is not UTF-8', "UPDATE jobs SET error_message = CAST(x'c3' AS TEXT)"],
    ['a time that no clock shows', 'UPDATE jobs SET ended_at = -9e18'],
    ['numbers that are infinite', 'UPDATE jobs SET modified = 9e999, wall_seconds = -9e999'],
    ['a text in place of a number', "UPDATE jobs SET attempts = '<script>'"],
    ['a negative count', 'UPDATE jobs SET decoded = -1'],
    ['a process that is a group', `UPDATE jobs SET worker = '{"host":"h","pid":-1,"started":"1"}'`],
    ['invalid JSON', "UPDATE jobs SET outputs = '{'"],
    ['outputs of another shape', `UPDATE jobs SET outputs = '[{"path":7}]'`],
    ['a very long name', `UPDATE jobs SET name = printf('%.*c', 40000, 'n')`],
    ['a text of 50 MB', `UPDATE jobs SET error_message = printf('%.*c', 50000000, 'm')`],
  ];
  test.each(inTurn(rows, 0, 2))('with %s is refused, and named', async (_, sql) => {
    const { out, ledger } = await strangersFolder(db => db.exec(sql));
    const result = await runCli(['jobs', 'list', '-o', out, '--json']);
    expectRefused(result, ledger);
    expect(result.stderr).toMatch(/entry 1 was not written by bodyscript/);
  });
});

describe('an untrusted SQLite file', () => {
  test.each([
    ['no SQLite', undefined],
    ['of other columns', 'DROP TABLE jobs; CREATE TABLE jobs (id INTEGER PRIMARY KEY, path TEXT)'],
    ['with a table more', 'CREATE TABLE more (x)'],
    ['with a trigger', 'CREATE TRIGGER t AFTER UPDATE ON jobs BEGIN DELETE FROM jobs WHERE id <> new.id; END'],
    ['with a view in place of the table', 'ALTER TABLE jobs RENAME TO real; CREATE VIEW jobs AS SELECT * FROM real'],
    ['with a column that is computed', 'ALTER TABLE jobs ADD COLUMN more TEXT AS (upper(path))'],
    ['without its tables', 'DROP TABLE jobs'],
    ['of a later version', 'PRAGMA user_version = 99'],
  ])('%s is refused by each command, with the remedy', async (_, sql) => {
    const { out, ledger } = await strangersFolder(db => sql && db.exec(sql));
    if (!sql) await writeFile(ledger, 'this is not SQLite, and long enough to be looked at. '.repeat(20));
    const before = await readFile(ledger);
    // The others open it in the same way.
    for (const args of commands(out).slice(4, 6)) expectRefused(await runCli(args), ledger);
    expect((await readFile(ledger)).equals(before)).toBe(true);
  });

  test.runIf(IS_FULL && onPosix)(
    'a link, a folder, a pipe in its place, or a linked folder around it, is rejected',
    async () => {
      const places: [string, (own: string, ledger: string, around: string) => Promise<unknown>][] = [
        [
          'ledger.sqlite',
          async (_, ledger, around) => {
            await rename(ledger, join(around, 'elsewhere.sqlite'));
            await symlink(join(around, 'elsewhere.sqlite'), ledger);
          },
        ],
        [
          'ledger.sqlite',
          async (_, ledger, around) => {
            await rm(ledger);
            await symlink(join(around, 'made.sqlite'), ledger);
          },
        ],
        [
          'ledger.sqlite',
          async (_, ledger) => {
            await rm(ledger);
            await mkdir(ledger);
          },
        ],
        [
          'ledger.sqlite',
          async (_, ledger) => {
            await rm(ledger);
            execFileSync('mkfifo', [ledger]);
          },
        ],
        ['ledger.sqlite-wal', async (_, ledger, around) => symlink(join(around, 'made.wal'), `${ledger}-wal`)],
        [
          '.bodyscript',
          async (own, _, around) => {
            await rename(own, join(around, 'elsewhere'));
            await symlink(join(around, 'elsewhere'), own);
          },
        ],
        [
          '.bodyscript',
          async own => {
            await rm(own, { recursive: true });
            await writeFile(own, 'a file');
          },
        ],
        [
          'checkpoints',
          async (own, _, around) => {
            await mkdir(join(around, 'elsewhere'));
            await symlink(join(around, 'elsewhere'), join(own, 'checkpoints'));
          },
        ],
      ];
      for (const [name, place] of places) {
        const { around, out, ledger, own } = await strangersFolder();
        await place(own, ledger, around);
        const before = await treeOf(around);
        for (const args of [commands(out)[0], commands(out)[5]]) expectRefused(await runCli(args as string[]), name);
        expect(await treeOf(around)).toEqual(before);
      }
    },
  );

  test('a journal that names another file does not make SQLite remove it', async () => {
    const { around, out, ledger } = await strangersFolder();
    const victim = join(around, 'victim.txt');
    await writeFile(victim, 'mine');
    await writeFile(`${ledger}-journal`, hotJournal(await readFile(ledger), victim));
    expectRefused(await runCli(['jobs', 'list', '-o', out]), `${ledger}-journal`);
    expect(await readFile(victim, 'utf8')).toBe('mine');
  });

  test('however a ledger is damaged, no command crashes or reports a defect', { timeout: 120_000 }, async () => {
    const { around, out, ledger } = await strangersFolder(db => {
      const insert = db.prepare(
        "INSERT INTO jobs (path, name, state, queued_at, ended_at, sha256, outputs) VALUES (?, ?, 'done', 1, 2, ?, ?)",
      );
      for (let i = 0; i < 50; i++)
        insert.run(
          `/v/${i}.mp4`,
          `clip-${i}`,
          sha,
          JSON.stringify([{ path: `clip-${i}.csv`, bytes: 1, modified: 2, sha256: sha }]),
        );
    });
    const whole = await readFile(ledger);
    const random = seeded(7);
    for (let round = 0; round < (IS_FULL ? 24 : 8); round++) {
      const damaged = Buffer.from(whole);
      const bytes = 1 + Math.floor(random() * 20);
      for (let i = 0; i < bytes; i++) damaged[Math.floor(random() ** 2 * damaged.length)] = Math.floor(random() * 256);
      await rm(`${ledger}-wal`, { force: true });
      await rm(`${ledger}-shm`, { force: true });
      await writeFile(ledger, round % 5 === 0 ? damaged.subarray(0, Math.floor(random() * damaged.length)) : damaged);
      const { code, signal, stderr } = await runCli(['jobs', 'list', '-o', out, '--json']);
      expect({ round, code, signal, stderr }).toMatchObject({
        code: expect.toSatisfy(c => c === 0 || c === 1),
        signal: null,
      });
      expect(stderr, `round ${round}`).not.toMatch(/This is a bug|panicked|\n {4}at /);
    }
    expect(await readdir(around)).toEqual(['out']);
  });
});

/**
 * A journal that SQLite rolls back before it reads the file, belonging to a transaction whose list of files is
 * `victim`.
 */
function hotJournal(database: Buffer, victim: string): Buffer {
  const header = Buffer.alloc(512);
  Buffer.from('d9d505f920a163d7', 'hex').copy(header);
  header.writeUInt32BE(0, 8); // No pages follow.
  header.writeUInt32BE(database.length / 4096, 16);
  header.writeUInt32BE(512, 20);
  header.writeUInt32BE(4096, 24);
  const name = Buffer.from(victim);
  const tail = Buffer.alloc(name.length + 20);
  tail.writeUInt32BE(Math.floor(0x40000000 / 4096) + 1, 0); // The page that is never used for data.
  name.copy(tail, 4);
  tail.writeUInt32BE(name.length, 4 + name.length);
  tail.writeUInt32BE(
    name.reduce((sum, byte) => sum + byte, 0),
    8 + name.length,
  );
  Buffer.from('d9d505f920a163d7', 'hex').copy(tail, 12 + name.length);
  return Buffer.concat([header, tail]);
}

const ANOTHER = ['--reuid', '12345', '--regid', '12345', '--clear-groups', process.execPath, BIN];
/** Also if the program lies in a folder that only root may read. */
const CAN_BE_ANOTHER = spawnSync('setpriv', [...ANOTHER, '--version']).status === 0;

describe.runIf(CAN_BE_ANOTHER)('a ledger without write permission', () => {
  const asAnother = (args: readonly string[]) => spawnSync('setpriv', [...ANOTHER, ...args], { encoding: 'utf8' });

  test('is still listed and shown', async () => {
    const { around, out } = await strangersFolder();
    await chmod(folder, 0o755);
    await rename(around, `${around} 100% #?`);
    const there = out.replace(around, `${around} 100% #?`);
    const listed = asAnother(['jobs', 'list', '-o', there, '--json']);
    expect(listed.stderr).toBe('');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'walk', state: 'failed' }]);
    expect(asAnother(['jobs', 'show', 'walk', '-o', there]).stdout).toContain('INPUT_DAMAGED');
  });

  test('is not listed if its log has changes that it lacks, nor changed', async () => {
    const { out, ledger } = await strangersFolder();
    await chmod(folder, 0o755);
    const retried = asAnother(['jobs', 'retry', '-o', out]);
    await writeFile(`${ledger}-wal`, 'changes');
    for (const { status, stderr } of [retried, asAnother(['jobs', 'list', '-o', out])]) {
      expect(stderr).toMatch(/ledger\.sqlite: .*(not be written|permission|written)/);
      expect(stderr).not.toContain('This is a bug');
      expect(status).toBe(1);
    }
  });
});
