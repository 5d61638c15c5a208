import { spawnSync } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
/** What `doctor` asks of the machine; all of doctor takes most of a minute. */
const CHECKS = new URL('../../dist/doctor/check-machine.js', import.meta.url).href;
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
/** A user that no user list contains, as in `docker run --user 12345`. */
const NOBODY = ['--reuid', '12345', '--regid', '12345', '--clear-groups', 'env', '-i', `PATH=${process.env.PATH}`];
const CAN_BE_NOBODY = spawnSync('setpriv', [...NOBODY, process.execPath, BIN, '--version']).status === 0;

function runAsNobody(args: readonly string[], variables: readonly string[] = []) {
  return spawnSync('setpriv', [...NOBODY, ...variables, process.execPath, BIN, ...args], {
    encoding: 'utf8',
    cwd: folder,
  });
}

describe.runIf(CAN_BE_NOBODY)('a user without a home', async () => {
  await chmod(folder, 0o777);
  const clip = await makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=0.1'], at('walk.mp4'));
  const analyze = (out: string) => ['analyze', clip, '--model', 'lite', '--mode', 'track', '--no-overlay', '-o', out];

  test.each([
    ['no HOME', []],
    ['an empty HOME, which leaves no cache where the program was started', ['HOME=']],
    ['a cache that a variable names', [`BODYSCRIPT_CACHE=${at('cache')}`]],
  ])('analyses with %s', async (name, variables) => {
    const { status, stderr } = runAsNobody(analyze(at(`out of ${name}`)), variables);
    expect(stderr).not.toContain('This is a bug');
    expect(status).toBe(0);
    expect(await readdir(folder)).not.toContain('.cache');
  });

  test('learns from doctor that it has no cache, and what to do', () => {
    const script = `import(${JSON.stringify(CHECKS)}).then(async ({ checkMachine }) => console.log(JSON.stringify(await checkMachine('.'))))`;
    const { stdout, stderr } = spawnSync('setpriv', [...NOBODY, process.execPath, '-e', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({
        health: 'limited',
        found: expect.stringContaining('this user has no home'),
        fix: expect.stringContaining('BODYSCRIPT_CACHE'),
      }),
    );
  });
});
