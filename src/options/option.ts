import * as z from 'zod/mini';
import type { Kind } from './kinds.js';

/** One option: the single place that says what it is called, what it takes and what it is when not given. */
export interface Option<T = unknown> {
  readonly kind: Kind<T>;
  /** As commander declares it: `-o, --out <dir>`. Undefined: for configuration files alone. */
  readonly flags: string | undefined;
  readonly help: string;
  readonly group: string;
  /** The value when not given, as a configuration file would spell it. */
  readonly default?: unknown;
  /** Whether it may be given several times. */
  readonly repeats?: boolean;
  /** Whether `--no-NAME` turns it off, and what the help says of that. */
  readonly negated?: string;
  /** Whether the command line alone may give it: it is about one call. */
  readonly onlyFlag?: boolean;
}

/** All options of a command by name, in the order of the help. */
export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<O> = O extends { readonly kind: Kind<infer T>; readonly default: NonNullable<unknown> }
  ? T
  : O extends { readonly kind: Kind<infer T> }
    ? T | undefined
    : never;

/** The checked values of a table of options; undefined where an option without a default was not given. */
export type Values<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** Puts options under a heading of the help. */
export function inGroup<const Table extends Record<string, Omit<Option, 'group'>>>(
  group: string,
  table: Table,
): { [Name in keyof Table]: Table[Name] & { group: string } } {
  const entries = Object.entries(table).map(([name, option]) => [name, { ...option, group }]);
  return Object.fromEntries(entries) as { [Name in keyof Table]: Table[Name] & { group: string } };
}

/** The options that a configuration file may hold, as one schema. */
export function configSchema(table: OptionTable): z.ZodMiniType {
  const shape: Record<string, z.ZodMiniType> = {};
  for (const [name, option] of Object.entries(table)) {
    if (option.onlyFlag) continue;
    const value = option.default === undefined ? '' : ` Default: ${String(option.default)}.`;
    const schema = z.optional(option.kind.schema);
    z.globalRegistry.add(schema, { description: `${option.help}.${value}` });
    shape[name] = schema;
  }
  return z.strictObject(shape);
}
