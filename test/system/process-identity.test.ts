import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { identifyProcess, isRunning, isSameProcess, type ProcessIdentity } from '../../src/system/process-identity.js';

const self = identifyProcess()!;

describe('the identity of a process', () => {
  test('shows that it runs, and that it does not once it has ended', async () => {
    expect(isRunning(self)).toBe(true);
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    const identity = identifyProcess(child.pid)!;
    expect(isRunning(identity)).toBe(true);
    expect(isSameProcess(identity, self)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(identity)).toBe(false);
  });

  test.runIf(process.platform === 'linux')('a later process with the same number is another one', () => {
    expect(isRunning({ ...self, started: '1' })).toBe(false);
  });

  test('without start times, as on Windows and macOS, a number in use proves nothing, and a free one that it ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    const unknown = { ...identifyProcess(child.pid)!, started: '' };
    expect(isRunning(unknown)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(unknown)).toBe(false);
  });

  test.each([
    ['another machine', { host: 'elsewhere' }],
    ['another start of the system', { boot: '00000000-0000-0000-0000-000000000000' }],
    ['another PID namespace', { namespace: 'pid:[1]' }],
  ])('of %s this process cannot know', (_, other) => {
    expect(isRunning({ ...self, ...other })).toBeUndefined();
    expect(isSameProcess({ ...self, ...other }, self)).toBe(false);
  });

  test('numbers that mean groups of processes are not processes', () => {
    for (const pid of [0, -1, 1.5, Number.NaN]) expect(identifyProcess(pid)).toBeUndefined();
  });

  test('with an estimated system start, the clock may have been set slightly', () => {
    expect(isSameProcess({ ...self, boot: '~1000' }, { ...self, boot: '~1059' })).toBe(true);
    expect(isSameProcess({ ...self, boot: '~1000' }, { ...self, boot: '~1061' })).toBe(false);
  });

  const canUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', '--uts', 'true']).status === 0;
  test.runIf(canUnshare)('a real PID namespace with the same host name has another', () => {
    const code = `import(${JSON.stringify(new URL('../../dist/system/process-identity.js', import.meta.url).href)}).then(m => console.log(JSON.stringify(m.identifyProcess())))`;
    const run = (...more: string[]) =>
      spawnSync('unshare', ['--pid', '--fork', ...more, process.execPath, '-e', code], { encoding: 'utf8' }).stdout;
    for (const mount of [['--mount-proc', '--uts'], []]) {
      const other = JSON.parse(run(...mount)) as ProcessIdentity;
      expect(other).toMatchObject({ host: self.host, boot: self.boot });
      expect(other.namespace).not.toBe(self.namespace);
      expect(isRunning(other)).toBeUndefined();
    }
  });
});
