import { UsageError } from '../errors.js';
import { withoutSecrets } from '../text/url.js';
import type { Option, OptionTable, Values } from './option.js';
import { closest } from './suggest.js';

/** Values from one source: flags, environment or a configuration file. */
export interface Layer {
  /** `command line`, `BODYSCRIPT_* variables`, the path of a file. */
  readonly source: string;
  /** An option's name in this source: `--min-score`, `BODYSCRIPT_MIN_SCORE`, `minScore in bodyscript.config.json`. */
  readonly nameOf: (name: string) => string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Where a value came from. */
interface Origin {
  /** As it was given there. */
  readonly given: unknown;
  readonly source: string;
  /** The option's name in that source. */
  readonly name: string;
}

/** The checked values of a command's options, each with its source. */
export interface Resolved<Table extends OptionTable> {
  readonly values: Values<Table>;
  readonly origins: Readonly<Record<string, Origin>>;
  /** Whether any source gave a value. */
  isGiven(name: keyof Table): boolean;
}

const DEFAULT_SOURCE = 'default';

/**
 * Checks the values of all sources against the table; later sources override earlier ones. @throws UsageError that
 * names the option as in its source
 */
export function resolveOptions<const Table extends OptionTable>(
  table: Table,
  layers: readonly Layer[],
): Resolved<Table> {
  for (const layer of layers) for (const name of Object.keys(layer.values)) checkKnown(table, layer, name);
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [name, option] of Object.entries(table)) {
    const layer = layers.findLast(({ values }) => Object.hasOwn(values, name) && values[name] !== undefined);
    const given = layer?.values[name] ?? option.default;
    const called = layer?.nameOf(name) ?? name;
    origins[name] = { given, source: layer?.source ?? DEFAULT_SOURCE, name: called };
    values[name] = given === undefined ? undefined : check(option, given, called);
  }
  return {
    values: values as Values<Table>,
    origins,
    isGiven: name => origins[name as string]?.source !== DEFAULT_SOURCE,
  };
}

/** @throws UsageError */
export function check<T>(option: Pick<Option<T>, 'kind'>, given: unknown, name: string): T {
  const { kind } = option;
  const result = kind.schema.safeParse(typeof given === 'string' ? kind.fromText(given) : given);
  if (result.success) return result.data;
  const near = nearChoice(kind.choices ?? [], given);
  const got = kind.isSecret ? '' : `, got ${spell(given)}`;
  const remedy = near === undefined ? homeRemedy(given) : `Did you mean ${near}?`;
  throw new UsageError(`${name} must be ${kind.expected}${got}`, remedy);
}

/** For `--out=~/results`, `BODYSCRIPT_OUT='~/results'` and a configuration: no shell has expanded them. */
function homeRemedy(given: unknown): string | undefined {
  if (typeof given !== 'string' || !/^~(?:$|[/\\])/.test(given)) return undefined;
  return 'Nothing expands ~ here: write the home folder in full (in a shell, "$HOME").';
}

/** The closest known word for a misspelt one, or for one in a list. */
function nearChoice(words: readonly string[], given: unknown): string | undefined {
  if (typeof given !== 'string' || words.length === 0) return undefined;
  const wrong = given.split(',').find(word => !words.includes(word.trim()));
  return wrong && closest(wrong.trim(), words);
}

const MOST_SPELLED = 200;

/** A value for a message: shortened, and addresses without possible secrets. */
function spell(given: unknown): string {
  const text = typeof given === 'string' ? `"${withoutSecrets(given)}"` : withoutSecrets(asJson(given));
  return text.length > MOST_SPELLED ? `${text.slice(0, MOST_SPELLED)}...` : text;
}

function asJson(given: unknown): string {
  if (typeof given === 'number') return String(given); // JSON has neither NaN nor Infinity.
  try {
    return JSON.stringify(given) ?? String(given);
  } catch {
    return 'something else'; // Nested too deeply, or a number that JSON cannot express.
  }
}

function checkKnown(table: OptionTable, { nameOf, source }: Layer, name: string): void {
  const option = Object.hasOwn(table, name) ? table[name] : undefined;
  if (option && !(option.onlyFlag && source !== COMMAND_LINE)) return;
  if (option) throw new UsageError(`${nameOf(name)}: can only be given on the command line`);
  const near = closest(name, Object.keys(table));
  throw new UsageError(
    `${nameOf(name)}: unknown option`,
    near === undefined ? undefined : `Did you mean ${nameOf(near).split(': ').at(-1)}?`,
  );
}

export const COMMAND_LINE = 'command line';
