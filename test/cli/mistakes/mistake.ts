/** Something that a user does wrong in the folder of `made-files.ts`. */
export interface Mistake {
  /** What the user does, as a sentence without its subject. */
  readonly does: string;
  /** Words of the command line; `OUT` stands for an output folder of its own. */
  readonly runs: string;
  readonly code: number;
  /** The one line, after `error: `; `FOLDER` stands for the folder. A pattern where a part of it varies. */
  readonly says: string | RegExp;
  readonly env?: Readonly<Record<string, string>>;
  /** What comes through stdin; nothing, if absent. */
  readonly input?: string;
  /** Whether it is about permissions, which root ignores. */
  readonly obeyPermissions?: boolean;
  /** Whether it is about files that Linux alone has. */
  readonly onLinux?: boolean;
}
