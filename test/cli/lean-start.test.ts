import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { analyses, OTHER_COMMANDS } from '../../src/cli/lean-start.js';
import { leanAllocator, leanHeap } from '../../src/system/lean-memory.js';
import { SAMPLES } from '../support/reference-clips.js';
import { type CliOptions, CliRun, runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const WAVE = join(SAMPLES, 'wave.mp4');
const canRestart = process.platform === 'linux' && 'execve' in process;
const HAS_GLIBC = Object.keys(leanAllocator({})).length > 0;
const fieldsOf = (path: string) => readFileSync(path, 'utf8').split('\0').slice(0, -1);

interface Seen {
  readonly args: readonly string[];
  /** Environment of the process at its start, and that of its decoder. */
  readonly own: readonly string[];
  readonly decoder: readonly string[];
  readonly code: number | null;
  readonly stderr: string;
}

/** The system's information on a run while it decodes. */
async function watched(name: string, options: CliOptions = {}, more: readonly string[] = []): Promise<Seen> {
  const run = new CliRun(['analyze', WAVE, '-o', join(folder, name), '--mode', 'track', '-q', ...more], options);
  let seen: Omit<Seen, 'code' | 'stderr'> | undefined;
  const ended = run.finished.then(() => true);
  while (!seen && !(await Promise.race([ended, sleep(5, false)]))) {
    const decoder = readdirSync('/proc').find(id => isDecoderOf(id, run.pid));
    if (decoder === undefined) continue;
    const proc = `/proc/${run.pid}`;
    seen = {
      args: fieldsOf(`${proc}/cmdline`),
      own: fieldsOf(`${proc}/environ`),
      decoder: fieldsOf(`/proc/${decoder}/environ`),
    };
  }
  const { code, stderr } = await run.finished;
  if (!seen) throw new Error(`no decoder was seen: ${stderr}`);
  return { ...seen, code, stderr };
}

function isDecoderOf(id: string, parent: number): boolean {
  if (!/^\d+$/.test(id)) return false;
  try {
    const isChild =
      / \S (\d+) /.exec(readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\)/s, ''))?.[1] === String(parent);
    return isChild && fieldsOf(`/proc/${id}/cmdline`).includes('rawvideo');
  } catch {
    return false;
  }
}

describe('commands that analyse', () => {
  test('analyze does, with or without its name, but not if it only prints information', () => {
    for (const words of [['analyze', 'a.mp4'], ['a.mp4'], ['-q', 'a.mp4'], ['-', '--csv', '-']]) {
      expect(analyses(words), words.join(' ')).toBe(true);
    }
    for (const words of [[], ['--version'], ['a.mp4', '--help'], ['a.mp4', '-n'], ['analyze', '--print-config']]) {
      expect(analyses(words), words.join(' ')).toBe(false);
    }
  });

  test('of the other commands only demo does, and each of them is known', async () => {
    const { stdout } = await runCli(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?: \[| {2,})/gm)].map(match => match[1]!);
    expect(commands).toContain('doctor');
    expect(commands.filter(name => name !== 'bodyscript' && analyses([name]))).toEqual(['analyze', 'demo']);
    for (const name of OTHER_COMMANDS) expect(analyses([name, 'a.csv'])).toBe(false);
  });
});

describe('settings of a process at its start', () => {
  test.skipIf(!HAS_GLIBC)("the user's own settings of the allocator win", () => {
    expect(leanAllocator({})).toEqual({
      MALLOC_MMAP_THRESHOLD_: expect.stringMatching(/^\d+$/),
      MALLOC_ARENA_MAX: '1',
    });
    for (const name of ['MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_', 'GLIBC_TUNABLES', 'LD_PRELOAD']) {
      expect(leanAllocator({ [name]: 'x' })).toEqual({});
    }
  });

  test("the user's own size of the young heap wins", () => {
    expect(leanHeap([], {})).toHaveLength(1);
    expect(leanHeap(['--max-semi-space-size=16'], {})).toEqual([]);
    expect(leanHeap([], { NODE_OPTIONS: '--max_semi_space_size=16' })).toEqual([]);
  });
});

describe.skipIf(!canRestart || !HAS_GLIBC)('a run in which Node can be restarted in place', () => {
  test('has the settings, under the same process id, without a message', async () => {
    const { args, own, code, stderr } = await watched('lean');
    expect(args.filter(word => word.includes('semi-space'))).toHaveLength(1);
    expect(own.join(' ')).toMatch(/MALLOC_MMAP_THRESHOLD_=\d+/);
    expect([code, stderr]).toEqual([0, '']);
  });

  test('keeps its own settings from ffmpeg, which has others', async () => {
    const { decoder } = await watched('ffmpeg');
    expect(decoder.filter(line => /MMAP_THRESHOLD|BODYSCRIPT_LEAN_START/.test(line))).toEqual([]);
    expect(decoder).toContain('MALLOC_ARENA_MAX=1');
  });

  test.each<[string, CliOptions]>([
    ['the user set the allocator', { env: { MALLOC_ARENA_MAX: '2' } }],
    ['Node may listen to a debugger', { env: { NODE_OPTIONS: '--inspect-port=0' } }],
  ])('is not started again if %s', async (name, options) => {
    const { args, own, code } = await watched(name, options);
    expect(args.filter(word => word.includes('semi-space'))).toEqual([]);
    expect(own.join(' ')).not.toContain('MMAP_THRESHOLD');
    expect(code).toBe(0);
  });

  test('makes the same table as one that was not restarted', async () => {
    await watched('one', {}, ['--max-frames', '30']);
    await watched('two', { env: { MALLOC_ARENA_MAX: '2' } }, ['--max-frames', '30']);
    const table = (name: string) => readFileSync(join(folder, name, 'wave.csv'), 'utf8');
    expect(table('one')).toBe(table('two'));
  });

  test('ends with the same codes, and by the same signals', async () => {
    expect((await runCli(['analyze', join(folder, 'nothing.mp4')])).code).toBe(1);
    expect((await runCli(['analyze', WAVE, '--mode', 'none'])).code).toBe(2);
    const run = new CliRun(['analyze', WAVE, '-o', join(folder, 'signal'), '-q']);
    await sleep(1500);
    run.process.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
  });

  test('reads its video from stdin', () => {
    const bin = new URL('../../bin/bodyscript.js', import.meta.url).pathname;
    const args = [bin, 'analyze', '-', '--csv', '-', '--mode', 'track', '--max-frames', '3'];
    const table = execFileSync(process.execPath, args, {
      input: readFileSync(WAVE),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    expect(table.toString().split('\n').length).toBeGreaterThan(33 * 3);
  });
});

describe.skipIf(!HAS_GLIBC)('a worker process', () => {
  test('has the settings from the start, with any Node, and keeps them from its ffmpeg', async () => {
    const run = new CliRun([WAVE, join(SAMPLES, 'squat.mp4'), '-o', join(folder, 'batch'), '--jobs', '1', '-q']);
    let seen: { args: readonly string[]; own: readonly string[]; decoder: readonly string[] } | undefined;
    const ended = run.finished.then(() => true);
    while (!seen && !(await Promise.race([ended, sleep(5, false)]))) {
      const worker = readdirSync('/proc').find(id => isWorkerOf(id, run.pid));
      const decoder = worker && readdirSync('/proc').find(id => isDecoderOf(id, Number(worker)));
      if (!decoder) continue;
      const [args, own, its] = [`${worker}/cmdline`, `${worker}/environ`, `${decoder}/environ`].map(path =>
        fieldsOf(`/proc/${path}`),
      );
      seen = { args: args ?? [], own: own ?? [], decoder: its ?? [] };
    }
    expect((await run.finished).code).toBe(0);
    expect(seen?.args.filter(word => word.includes('semi-space'))).toHaveLength(1);
    expect(seen?.own.join(' ')).toMatch(/MALLOC_MMAP_THRESHOLD_=\d+/);
    expect(seen?.decoder.filter(line => /MMAP_THRESHOLD|LEAN_START/.test(line))).toEqual([]);
  });
});

function isWorkerOf(id: string, parent: number): boolean {
  if (!/^\d+$/.test(id)) return false;
  try {
    const isChild =
      / \S (\d+) /.exec(readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\)/s, ''))?.[1] === String(parent);
    return isChild && fieldsOf(`/proc/${id}/cmdline`).some(word => word.endsWith('worker-main.js'));
  } catch {
    return false;
  }
}
