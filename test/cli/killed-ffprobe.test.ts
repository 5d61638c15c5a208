import { chmod, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { clipNamed, makeClip } from '../support/clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FAST = ['--model', 'lite', '--mode', 'track', '--no-overlay'];
/** A control group for this test (version 1), if permitted. */
const GROUP = `/sys/fs/cgroup/memory/bodyscript-test-${process.pid}`;
const canLimit = await mkdir(GROUP).then(
  () => true,
  () => false,
);
afterAll(() => (canLimit ? rmdir(GROUP).catch(() => {}) : undefined));

beforeAll(async () => {
  await makeClip(folder, clipNamed('constant rate, B-frames'));
  await makeClip(folder, clipNamed('variable rate in MP4'));
});

/** An ffprobe that acts before it reads a video, as long as a file exists. */
async function fakeProbe(name: string, first: string): Promise<string> {
  const { ffprobe } = await findFfmpeg();
  const script = `#!/bin/sh\n[ "$1" = -version ] || [ ! -e "${at('trouble')}" ] || { ${first}; }\nexec "${ffprobe.path}" "$@"\n`;
  await writeFile(at(name), script);
  await chmod(at(name), 0o755);
  await writeFile(at('trouble'), '');
  return at(name);
}

async function outcomes(out: string): Promise<Record<string, string>> {
  const { videos } = JSON.parse(await readFile(join(out, 'batch.json'), 'utf8')) as {
    videos: { name: string; outcome: string; error: { code: string } | null }[];
  };
  return Object.fromEntries(videos.map(({ name, outcome, error }) => [name, error?.code ?? outcome]));
}

test('a batch whose ffprobe is killed says so, and retries the videos the next time', async () => {
  const probe = await fakeProbe('ffprobe-killed', 'kill -KILL $$');
  const args = ['analyze', at('constant.mp4'), at('vfr.mp4'), '-o', at('out'), '--ffprobe', probe, ...FAST];
  const first = await runCli(args);
  expect(first.code).toBe(3);
  expect(first.stderr).toMatch(/ffprobe was killed \(SIGKILL\), probably out of memory/);
  expect(first.stderr).not.toMatch(/not a video|copy it again/i);
  expect(await outcomes(at('out'))).toEqual({ constant: 'DECODER_FAILED', vfr: 'DECODER_FAILED' });
  const { rm } = await import('node:fs/promises');
  await rm(at('trouble'));
  expect((await runCli(args)).code).toBe(0);
  expect(await outcomes(at('out'))).toEqual({ constant: 'done', vfr: 'done' });
});

test.skipIf(!canLimit)('an ffprobe that the system kills for lack of memory says nothing about the video', async () => {
  await writeFile(join(GROUP, 'memory.limit_in_bytes'), String(1024 * 1024));
  const probe = await fakeProbe('ffprobe-starved', `echo $$ > ${GROUP}/cgroup.procs`);
  const { code, stderr } = await runCli([
    'analyze',
    at('constant.mp4'),
    '-o',
    at('starved'),
    '--ffprobe',
    probe,
    ...FAST,
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/ffprobe was killed \(SIGKILL\).*Run the same command with more memory/);
});
