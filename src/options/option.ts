import * as z from '#zod';
import type { Kind } from './kinds.js';

/**
 * What an option does beyond saying how something is computed: it names a program that runs, a place that is written to
 * or a file that is loaded, or it permits what is otherwise refused (to replace, to delete, to do again, to leave the
 * folder). Such an option is given by a user: on the command line, in the environment or in a file that is named with
 * `--config`. A configuration that lies in a folder of data and is found there by itself must not hold it: who filled
 * the folder is not who runs the program.
 *
 * The kind of value decides, not what it is good for: every path acts, the folder for results, a cache and a network
 * alike, since a path may lead anywhere. Amounts and choices do not (`--jobs`, `--max-memory`, `--mode`): they name
 * nothing, and the worst of them makes a run slow or lets it fail.
 */
export type Action = 'runs' | 'writes' | 'loads' | 'permits';

/** One option: the only place that states its name, values and default. */
export interface Option<T = unknown> {
  readonly kind: Kind<T>;
  /** As commander declares it: `-o, --out <dir>`. Undefined: for configuration files alone. */
  readonly flags: string | undefined;
  readonly help: string;
  readonly group: string;
  /** The default, as in a configuration file. */
  readonly default?: unknown;
  /** Whether it may be given several times. */
  readonly repeats?: boolean;
  /** Help of `--no-NAME`, if that turns it off. */
  readonly negated?: string;
  /** Whether only the command line may give it, since it applies to one call. */
  readonly onlyFlag?: boolean;
  /** Its effect beyond computation; `test/options/actions.test.ts` makes each option decide. */
  readonly acts?: Action;
}

/** All options of a command by name, in the order of the help. */
export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<O> = O extends { readonly kind: Kind<infer T>; readonly default: NonNullable<unknown> }
  ? T
  : O extends { readonly kind: Kind<infer T> }
    ? T | undefined
    : never;

/** The checked values of a table of options; undefined for an absent option without a default. */
export type Values<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** Puts options under a heading of the help. */
export function inGroup<const Table extends Record<string, Omit<Option, 'group'>>>(
  group: string,
  table: Table,
): { [Name in keyof Table]: Table[Name] & { group: string } } {
  const entries = Object.entries(table).map(([name, option]) => [name, { ...option, group }]);
  return Object.fromEntries(entries) as { [Name in keyof Table]: Table[Name] & { group: string } };
}

/**
 * Whether a value from a configuration file makes an option act. `csv: false` names no place, `model: "lite"` no file.
 */
export function doesAct({ acts, kind }: Option, given: unknown): boolean {
  if (acts === undefined || given === undefined) return false;
  const value = typeof given === 'string' ? kind.fromText(given) : given;
  return !(kind.inert ?? []).includes(value);
}

const NAMED_ONLY = ' Only in a file that is named with --config or BODYSCRIPT_CONFIG';

function namedOnly({ acts, kind: { inert } }: Option): string {
  if (acts === undefined) return '';
  return inert === undefined ? `${NAMED_ONLY}.` : `${NAMED_ONLY}, unless it is ${inert.join(' or ')}.`;
}

/** The options that a configuration file may hold, as one schema. */
export function configSchema(table: OptionTable): z.ZodMiniType {
  const shape: Record<string, z.ZodMiniType> = {};
  for (const [name, option] of Object.entries(table)) {
    if (option.onlyFlag) continue;
    const value = option.default === undefined ? '' : ` Default: ${String(option.default)}.`;
    const schema = z.optional(option.kind.schema);
    z.globalRegistry.add(schema, { description: `${option.help}.${value}${namedOnly(option)}` });
    shape[name] = schema;
  }
  return z.strictObject(shape);
}
