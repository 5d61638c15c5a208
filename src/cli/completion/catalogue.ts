/** A value that an option or an argument takes, as completion sees it. */
export interface CompletedValue {
  /** Words to offer. */
  readonly words: readonly CompletedWord[];
  /** Whether several words may be given, with commas. */
  readonly isList: boolean;
  readonly paths: Paths;
}

/** Which names of the file system a value may be. */
export type Paths = 'files' | 'folders' | 'none';

export interface CompletedWord {
  readonly word: string;
  readonly help: string;
}

export interface CompletedOption {
  /** `-o` and `--out`, those that it has. */
  readonly flags: readonly string[];
  readonly help: string;
  /** Undefined: a switch. */
  readonly value?: CompletedValue;
}

export interface CompletedArgument extends CompletedValue {
  readonly isVariadic: boolean;
}

/** A command, and those below it: what completion knows of the command line. */
export interface CompletedCommand {
  readonly name: string;
  readonly help: string;
  readonly options: readonly CompletedOption[];
  readonly arguments: readonly CompletedArgument[];
  readonly commands: readonly CompletedCommand[];
  /** Name of the command that is meant where none is named. */
  readonly standard?: string;
}
