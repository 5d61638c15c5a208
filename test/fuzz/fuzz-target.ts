import type { CliResult } from '../support/run-cli.js';
import type { Random } from './random.js';

/** The folders of one case. Only `out` may change while the program runs; all lie in `root`. */
export interface World {
  readonly root: string;
  /** What the program reads. */
  readonly input: string;
  readonly out: string;
  /** Has an executable file `evil.sh`, which leaves a trace if run, and files that must not be touched. */
  readonly outside: string;
}

/** One run of the program. */
export interface FuzzCase {
  readonly args: readonly string[];
  /** Default: the input folder. */
  readonly cwd?: string;
  /** Further paths that the command may write. */
  readonly mayChange?: readonly string[];
  /** Number of inputs in the case. Default: 1. */
  readonly inputs?: number;
  /** Checks in addition to those of all runs. @returns the errors, one per line */
  readonly check?: (result: CliResult) => Promise<readonly string[]>;
}

/** A type of file that is read back, and how to make damaged ones. */
export interface FuzzTarget {
  readonly name: string;
  /** Number of inputs in a full run. */
  readonly inputs: number;
  /** Makes the files shared by all cases. @returns a function that fills the folders of one case */
  prepare(folder: string): Promise<(world: World, random: Random) => Promise<FuzzCase>>;
}
