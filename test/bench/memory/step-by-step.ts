/**
 * What each step of a run's start costs in a process of its own; one line of JSON each. Run compiled code: `tsx` itself
 * would count.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** After a step, in bytes and milliseconds since the process began. */
export interface Step {
  readonly name: string;
  readonly rss: number;
  readonly fixed: number;
  /** The JavaScript heap, as allocated by V8 and as used; pixels and tensors held by JavaScript. */
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  readonly ms: number;
}

const SCRIPT = fileURLToPath(new URL('./steps.mjs', import.meta.url));

/** @param environment more variables, as `MALLOC_ARENA_MAX` @param node Node's own options */
export async function stepByStep(environment: NodeJS.ProcessEnv = {}, node: readonly string[] = []): Promise<Step[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [...node, SCRIPT], {
    env: { ...process.env, ...environment },
  });
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Step);
}
