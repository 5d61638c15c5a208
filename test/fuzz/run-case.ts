import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { workingOn } from '../support/processes.js';
import { type CliResult, CliRun } from '../support/run-cli.js';
import type { FuzzCase, World } from './fuzz-target.js';
import { snapshotTree, treeChanges } from './tree.js';

const DOCUMENTED_EXIT_CODES: readonly (number | null)[] = [0, 1, 2, 3, 4, 5];
const HANGS_AFTER_MS = 120_000;
const ORPHANS_GONE_WITHIN_MS = 3000;

/** Makes the empty folders of a case. */
export async function makeWorld(root: string): Promise<World> {
  const world = { root, input: join(root, 'in'), out: join(root, 'out'), outside: join(root, 'outside') };
  await rm(root, { recursive: true, force: true });
  for (const folder of [world.input, world.out, world.outside, join(root, 'tmp')]) {
    await mkdir(folder, { recursive: true });
  }
  await writeFile(join(world.outside, 'keep.txt'), 'nobody may touch this\n');
  await writeFile(join(world.outside, 'keep.csv'), 'nobody,may,touch,this\n');
  const evil = join(world.outside, 'evil.sh');
  await writeFile(evil, `#!/bin/sh\ntouch '${join(world.outside, 'PWNED')}'\n`);
  await chmod(evil, 0o755);
  return world;
}

/** Runs a case. @returns the errors, one per line; empty if all is well */
export async function runCase(world: World, fuzzCase: FuzzCase): Promise<string[]> {
  const mayChange = [world.out, ...(fuzzCase.mayChange ?? [])];
  const before = await snapshotTree(world.root, mayChange);
  const cli = new CliRun(fuzzCase.args, {
    cwd: fuzzCase.cwd ?? world.input,
    env: { TMPDIR: join(world.root, 'tmp'), NO_COLOR: '1' },
  });
  const result = await Promise.race([cli.finished, delay(HANGS_AFTER_MS, undefined, { ref: false })]);
  if (!result) {
    cli.process.kill('SIGKILL');
    await cli.finished;
    return [`hangs: not done after ${HANGS_AFTER_MS / 1000} s`];
  }
  const changes = treeChanges(before, await snapshotTree(world.root, mayChange));
  return [
    ...problemsOf(result),
    ...changes.map(change => `outside of the output folder: ${change}`),
    ...(await leftovers(world)),
    ...((await fuzzCase.check?.(result)) ?? []),
  ];
}

/** Actions forbidden in every run, whatever it reads. */
function problemsOf({ code, signal, stdout, stderr }: CliResult): string[] {
  const problems: string[] = [];
  if (signal) problems.push(`ended by ${signal}`);
  else if (!DOCUMENTED_EXIT_CODES.includes(code)) problems.push(`exit code ${code}`);
  if (code !== 0 && stderr.trim() === '' && stdout.trim() === '') problems.push(`exit code ${code} without a word`);
  if (/^\s+at .+:\d+:\d+/m.test(stderr)) problems.push('a stack on stderr');
  if (/This is a bug|\bINTERNAL\b|\b(?:Type|Range|Reference|Syntax)Error\b/.test(stderr)) {
    problems.push('a failure that the program does not know');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it searches for them
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(stderr)) {
    problems.push('control characters on stderr');
  }
  if (problems.length > 0) problems.push(`stderr: ${JSON.stringify(stderr.slice(0, 600))}`);
  return problems;
}

async function leftovers({ root }: World): Promise<string[]> {
  const files = await readdir(join(root, 'tmp'));
  const end = Date.now() + ORPHANS_GONE_WITHIN_MS;
  let processes = await workingOn(root);
  while (processes.length > 0 && Date.now() < end) {
    await delay(100);
    processes = await workingOn(root);
  }
  return [
    ...files.map(name => `left behind in the temporary folder: ${name}`),
    ...processes.map(pid => `left behind: process ${pid}`),
  ];
}
