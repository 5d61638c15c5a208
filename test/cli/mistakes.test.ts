import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { inTurn } from '../support/full-tests.js';
import { CAN_OBEY_PERMISSIONS, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { INPUTS } from './mistakes/inputs.js';
import { makeFiles } from './mistakes/made-files.js';
import type { Mistake } from './mistakes/mistake.js';
import { OPTIONS } from './mistakes/options.js';
import { TABLES } from './mistakes/tables.js';

const MISTAKES = [...INPUTS, ...OPTIONS, ...TABLES];
/** A variable of the machine that runs the tests would be another mistake. */
const PLAIN = Object.fromEntries(
  Object.keys(process.env)
    .filter(name => name.startsWith('BODYSCRIPT_'))
    .map(name => [name, '']),
);

const folder = await temporaryFolder();
let made: string[] = [];

beforeAll(async () => {
  await makeFiles(folder);
  made = await readdir(folder);
});

const isHere = ({ obeyPermissions, onLinux }: Mistake) =>
  (!obeyPermissions || CAN_OBEY_PERMISSIONS) && (!onLinux || process.platform === 'linux');

describe.skipIf(process.platform === 'win32')('a user who', () => {
  // Half of them; all in `npm run test:full`. Several at a time (Vitest limits it): most of a run is Node's start.
  test.concurrent.for(inTurn(MISTAKES.filter(isHere), 0, 2).map(mistake => [mistake.does, mistake] as const))(
    '%s reads one line that says what is wrong and what to do',
    { timeout: 60_000 },
    async ([does, { runs, code, says, env = {}, input, obeyPermissions = false }], { expect }) => {
      const words = runs.split(' ').map(word => (word === 'OUT' ? `out of who ${does}` : word));
      const options = { cwd: folder, env: { ...PLAIN, ...env }, obeyPermissions };
      const result = await runCli(words, input === undefined ? options : { ...options, input });
      const lines = result.stderr.split('\n').filter(line => line.startsWith('error: '));
      expect(lines, result.stderr).toHaveLength(1);
      const [line = ''] = lines.map(text => text.slice('error: '.length));
      if (typeof says === 'string') expect(line).toBe(says.replaceAll('FOLDER', folder));
      else expect(line).toMatch(says);
      expect(result.code).toBe(code);
      expect(result.stdout).toBe('');
      expect(result.stderr).not.toMatch(/\n {4}at |undefined|\[object/);
    },
  );

  test('finds nothing new beside the files, but for folders that were named', async () => {
    const now = await readdir(folder);
    expect(now.filter(name => !made.includes(name) && !name.startsWith('out of who '))).toEqual([]);
    expect(await readdir(join(folder, 'nothing'))).toEqual([]);
  });
});

test('there are at least 60 mistakes, none of them twice', () => {
  expect(MISTAKES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(MISTAKES.map(({ does }) => does)).size).toBe(MISTAKES.length);
});
