import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const CLIP = fileURLToPath(new URL('../../samples/wave.mp4', import.meta.url));
const OTHER_CLIP = fileURLToPath(new URL('../../samples/dark.mp4', import.meta.url));
const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const LIBRARY = new URL('../../dist/index.js', import.meta.url).href;
const HEAP = '--max-old-space-size=777';

test('flags given to Node reach each process that analyses videos', async () => {
  const folder = await temporaryFolder();
  const seen = join(folder, 'seen.txt');
  const note = join(folder, 'note.mjs');
  const line = "process.argv[1] + ' ' + process.execArgv.includes(process.env.HEAP) + '\\n'";
  await writeFile(
    note,
    `import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
if (isMainThread) appendFileSync(${JSON.stringify(seen)}, ${line});`,
  );
  const node = [HEAP, '--import', pathToFileURL(note).href];
  const args = ['analyze', CLIP, OTHER_CLIP, '--jobs', '2', '--max-frames', '2', '--no-overlay', '-o', folder];
  const { code, stderr } = await runCli(args, { node, env: { HEAP } });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('execArgv')]);
  const workers = (await readFile(seen, 'utf8')).split('\n').filter(entry => entry.includes('worker-main'));
  expect(workers).toHaveLength(2);
  for (const worker of workers) expect(worker).toMatch(/ true$/);
}, 120_000);

/** The name of Node's permission model in this Node. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';
const WORKING = ['--allow-child-process', '--allow-worker', '--allow-addons'];

test("under Node's permission model the program works, or says in one line what is not permitted", async () => {
  const folder = await temporaryFolder();
  const args = ['analyze', CLIP, '--max-frames', '2', '--no-overlay', '--mode', 'track', '-o', join(folder, 'out')];
  const flags = process.allowedNodeEnvironmentFlags;
  const all = ['--allow-fs-read=*', '--allow-fs-write=*', ...WORKING.filter(flag => flags.has(flag))];
  const working = await runCli(args, { node: ['--no-warnings', PERMISSION, ...all] });
  expect([working.code, working.stderr]).toEqual([0, expect.stringContaining('out/wave.csv')]);
  const ownFile = [`--allow-fs-read=${BIN}`]; // With less, Node itself prints a stack.
  for (const few of [ownFile, all.slice(0, 1), all.slice(0, 2)]) {
    const { code, stderr } = await runCli([...args, '--force'], { node: ['--no-warnings', PERMISSION, ...few] });
    expect([few, code, stderr]).toEqual([few, 1, expect.stringMatching(/error: .*(permission model|restricted)/)]);
    expect(stderr).not.toMatch(/\n {4}at |\.\.|This is a bug/);
  }
}, 120_000);

test.each(['native', 'mediapipe'])(
  'the library works in a program that is an argument of Node, with flags of V8: %s',
  async engine => {
    const program = `import { analyzeVideo } from ${JSON.stringify(LIBRARY)};
let frames = 0;
for await (const { people } of analyzeVideo(${JSON.stringify(CLIP)}, { engine: '${engine}', maxFrames: 3 })) frames += people.length;
console.log(frames);`;
    const { stdout } = await run(process.execPath, [HEAP, '--stack-size=1200', '--input-type=module', '-e', program]);
    expect(stdout).toBe('3\n');
  },
  120_000,
);
