import type { CliResult } from '../support/run-cli.js';
import type { Random } from './random.js';

/** The folders of one case. Only `out` may change while the program runs; all lie in `root`. */
export interface World {
  readonly root: string;
  /** What the program reads. */
  readonly input: string;
  readonly out: string;
  /** Has an executable file `evil.sh`, which leaves a trace when it runs, and files that nobody may touch. */
  readonly outside: string;
}

/** One run of the program. */
export interface FuzzCase {
  readonly args: readonly string[];
  /** Default: the input folder. */
  readonly cwd?: string;
  /** Further paths that the command is asked to write. */
  readonly mayChange?: readonly string[];
  /** How many inputs the case holds. Default: 1. */
  readonly inputs?: number;
  /** What the run must hold beside what all runs must. @returns what is wrong, a line each */
  readonly check?: (result: CliResult) => Promise<readonly string[]>;
}

/** A kind of thing that is read back, and how to make damaged ones. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs of a full run. */
  readonly inputs: number;
  /** Makes what all cases share. @returns a function that fills the folders of one case */
  prepare(folder: string): Promise<(world: World, random: Random) => Promise<FuzzCase>>;
}
