import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Libsql from 'libsql';
import { describe, expect, test } from 'vitest';
import { CREATE_TABLES } from '../../src/batch/ledger/tables.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const Sqlite = createRequire(import.meta.url)('libsql') as typeof Libsql;
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const table = at('wave.csv');

describe.runIf(existsSync('/dev/full'))('a stdout without room', async () => {
  await copyFile(join(SAMPLES, 'golden', 'wave.csv'), table);
  await mkdir(at('out/.bodyscript'), { recursive: true });
  const ledger = new Sqlite(at('out/.bodyscript/ledger.sqlite'));
  ledger.exec(CREATE_TABLES);
  ledger.close();

  test.each([
    ['quality', table],
    ['cycles', table, '--angle', 'right_elbow', '-q'],
    ['measure', table, '--scale', '200', '-q'],
    ['measure', table, '--scale', '200', '-o', '-'],
    ['compare', table, table, '--json'],
    ['jobs', 'list', '-o', at('out'), '--json'],
    ['jobs', 'list', '-o', at('out')],
    ['analyze', '--print-config'],
    ['help', 'config'],
    ['filter', '--help'],
    ['--version'],
    ['--version', '--json'],
  ])('fails %s %s', (...args) => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(stderr).toMatch(/^error: stdout: .*disk is full/m);
    expect(stderr.match(/error:/g)).toHaveLength(1);
    expect(status).toBe(1);
  });

  test('is reported as JSON with its code if logs are JSON', () => {
    const full = openSync('/dev/full', 'w');
    const { stderr } = spawnSync(process.execPath, [BIN, 'analyze', '--print-config', '--log-json'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error', code: 'OUTPUT_DISK_FULL' });
  });
});

test.skipIf(process.platform === 'win32')('a reader that has read enough is not a failure', () => {
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', '"$0" "$1" quality "$2" | true; echo "$PIPESTATUS"', process.execPath, BIN, table],
    { encoding: 'utf8' },
  );
  expect([stdout, stderr]).toEqual(['0\n', '']);
});
