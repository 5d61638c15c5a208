import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES, moveLeftWrists, runProgram, withBodyscriptOnPath } from '../../support/examples.js';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const env = await withBodyscriptOnPath(folder);
const script = join(EXAMPLES, 'compare-golden.sh');
const compare = (...args: readonly string[]) => runProgram('bash', [script, ...args], { cwd: folder, env });
const golden = join(folder, 'golden/hands-up.csv');

test('the comparison with golden tables passes, finds a wrist that is elsewhere, and takes new tables as golden', async () => {
  await mkdir(join(folder, 'clips'));
  const cut = ['-i', join(SAMPLES, 'hands-up.mp4'), '-t', '0.4', '-c:v', 'libx264'];
  await makeWithFfmpeg(cut, join(folder, 'clips/hands-up.mp4'));
  const first = /^# The first golden tables: bodyscript (.*)$/m.exec(await readFile(script, 'utf8'))?.[1] ?? '';
  expect(await runProgram('bodyscript', first.split(' '), { cwd: folder, env })).toMatchObject({ code: 0 });
  expect(await compare()).toMatchObject({ code: 0 });
  const right = await readFile(golden, 'utf8');
  await moveLeftWrists(golden, 100);
  const different = await compare();
  expect(different.code).toBe(4);
  expect(different.stdout).toMatch(/left_wrist: position differs by 100 px/);
  expect(await readFile(join(folder, 'report.xml'), 'utf8')).toMatch(/<failure/);
  expect(await readFile(join(folder, 'report.md'), 'utf8')).toMatch(/left&#95;wrist/);
  expect((await compare('--update')).code).toBe(0);
  expect(await readFile(golden, 'utf8')).toBe(right);
  expect((await compare()).code).toBe(0);
});
