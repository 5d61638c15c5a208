export type Given = Readonly<Record<string, unknown>>;

/** Flags beside which an option changes nothing, each with what the error says; and flags beside which it counts. */
export interface Case {
  readonly idle: readonly (readonly [Given, string])[];
  readonly counts: readonly Given[];
}

/** Why an option counts in every run: a word for each kind. */
export const ALWAYS = {
  output: 'it decides what is written or how',
  input: 'it decides what is read',
  numbers: 'each engine and mode uses it',
  limit: 'it is a limit or a permission, which holds also where it is not reached',
  messages: 'it is about messages',
} as const;

export type Entry = Case | keyof typeof ALWAYS;
