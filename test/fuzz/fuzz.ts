import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FuzzTarget } from './fuzz-target.js';
import { Random } from './random.js';
import { makeWorld, runCase } from './run-case.js';
import { TARGETS } from './targets/all-targets.js';

export interface FuzzOptions {
  readonly seed: number;
  /** Names of the targets; undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Share of the full number of inputs, 0-1. */
  readonly share: number;
  /** Scratch folder. */
  readonly folder: string;
  /** Folder for the files of cases with findings. */
  readonly keepIn: string | undefined;
  /** Number of parallel cases. */
  readonly atOnce: number;
  readonly onProgress?: (line: string) => void;
}

interface Finding {
  readonly target: string;
  /** Repeats the case: `--only TARGET --case N` with the same seed. */
  readonly number: number;
  readonly args: readonly string[];
  readonly problems: readonly string[];
}

export interface TargetResult {
  readonly target: string;
  readonly inputs: number;
  readonly runs: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/**
 * Runs the program on damaged inputs of all types. The same seed gives the same inputs.
 * @param onlyCase runs only this case
 */
export async function fuzz(options: FuzzOptions, onlyCase?: number): Promise<TargetResult[]> {
  const targets = TARGETS.filter(({ name }) => options.only?.includes(name) ?? true);
  const results: TargetResult[] = [];
  for (const target of targets) results.push(await fuzzTarget(target, options, onlyCase));
  return results;
}

async function fuzzTarget(target: FuzzTarget, options: FuzzOptions, onlyCase?: number): Promise<TargetResult> {
  const began = performance.now();
  const shared = join(options.folder, `${target.name}-shared`);
  await mkdir(shared, { recursive: true });
  const make = await target.prepare(shared);
  const wanted = Math.max(1, Math.round(target.inputs * options.share));
  const findings: Finding[] = [];
  let [inputs, runs, next] = [0, 0, onlyCase ?? 0];
  const work = async () => {
    while (inputs < wanted && (onlyCase === undefined || next === onlyCase)) {
      const number = next++;
      const world = await makeWorld(join(options.folder, `${target.name}-${number}`));
      const fuzzCase = await make(world, new Random(options.seed * 1_000_003 + number * 7919 + hashOf(target.name)));
      inputs += fuzzCase.inputs ?? 1;
      runs++;
      const problems = await runCase(world, fuzzCase);
      if (problems.length > 0) {
        findings.push({ target: target.name, number, args: fuzzCase.args, problems });
        options.onProgress?.(`${target.name} ${number}: ${problems.join('; ')}`);
        if (options.keepIn) await cp(world.root, join(options.keepIn, `${target.name}-${number}`), { recursive: true });
      }
      await rm(world.root, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: onlyCase === undefined ? options.atOnce : 1 }, work));
  await rm(shared, { recursive: true, force: true });
  return { target: target.name, inputs, runs, findings, seconds: (performance.now() - began) / 1000 };
}

function hashOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
}
