import { dirname, join, resolve } from 'node:path';
import { BodyscriptError, EXIT_CODES, shortMessage, systemMeaning } from '../errors.js';
import { type ConfigText, readConfig } from './config-text.js';
import { flagOf, variableOf } from './layers.js';
import { type Action, doesAct, type OptionTable } from './option.js';
import type { Layer } from './resolve.js';
import { closest } from './suggest.js';

/** The commands with a section in the configuration. */
const CONFIG_SECTIONS = ['analyze', 'compare', 'filter'] as const;
export type ConfigSection = (typeof CONFIG_SECTIONS)[number];

const FILE_NAMES = ['bodyscript.config.json', 'bodyscript.config.toml'] as const;
/** The address of the schema, for editors; not an option. */
const SCHEMA_KEY = '$schema';

/** The place where the user named a configuration. */
export interface NamedConfig {
  readonly file: string;
  /** `--config` or `BODYSCRIPT_CONFIG`. */
  readonly by: string;
}

/** The options of a command in a configuration file. */
export interface ConfigLayer extends Layer {
  /** Whether it was found in a folder, not named by the user. */
  readonly isFound: boolean;
  /** `found above /data/clips`, `--config`. */
  readonly how: string;
}

/**
 * Reads a command's options from the nearest configuration file, from a folder upwards; undefined without a file, or
 * without options for this command. @param table of the command; its options that act are refused in a file that the
 * user did not name @param named use this file instead @throws BodyscriptError `CONFIG_INVALID`
 */
export async function configLayer(
  section: ConfigSection,
  table: OptionTable,
  folder: string,
  named: NamedConfig | undefined,
): Promise<ConfigLayer | undefined> {
  const config = named ? await readNamed(named.file) : await findConfig(folder);
  if (!config) return undefined;
  const { path } = config;
  refuseOtherSections(config);
  const values = sectionOf(config, section);
  if (!named) refuseActions(path, section, table, values);
  if (Object.keys(values).length === 0) return undefined;
  const where = dirname(path) === resolve(folder) ? 'found in the working folder' : `found above ${resolve(folder)}`;
  return {
    source: path,
    nameOf: name => `${path}: ${section}.${name}`,
    values,
    isFound: !named,
    how: named?.by ?? where,
  };
}

/** @throws BodyscriptError `CONFIG_INVALID` at the first section that no command has */
function refuseOtherSections({ path, content }: Found): void {
  for (const key of Object.keys(content)) {
    if (key === SCHEMA_KEY || (CONFIG_SECTIONS as readonly string[]).includes(key)) continue;
    const near = closest(key, CONFIG_SECTIONS);
    const sections = `Put options in a section named after their command: ${CONFIG_SECTIONS.join(', ')}.`;
    throw invalid(`${path}: unknown section "${key}"`, near === undefined ? sections : `Did you mean "${near}"?`);
  }
}

/**
 * A command's options.
 * @throws BodyscriptError `CONFIG_INVALID` if they are not a table, or contain a forbidden name
 */
function sectionOf({ path, content }: Found, section: ConfigSection): Record<string, unknown> {
  const values = (Object.hasOwn(content, section) ? content[section] : undefined) ?? {};
  if (!isTable(values)) throw invalid(`${path}: "${section}" must be a table of options`);
  for (const [name, value] of Object.entries(values)) {
    if (!isTable(value) || !Object.hasOwn(value, '__proto__')) continue;
    throw invalid(`${path}: ${section}.${name}: the name "__proto__" is not allowed`);
  }
  return values;
}

const WHAT_IT_DOES: Readonly<Record<Action, string>> = {
  runs: 'names a program to run',
  writes: 'names a place to write to',
  loads: 'names a file to load',
  permits: 'permits what is otherwise refused',
};

/** @throws BodyscriptError `CONFIG_INVALID` at the first option that acts */
function refuseActions(path: string, section: string, table: OptionTable, values: Record<string, unknown>): void {
  for (const [name, given] of Object.entries(values)) {
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!option?.acts || option.onlyFlag || !doesAct(option, given)) continue;
    throw invalid(
      `${path}: ${section}.${name} ${WHAT_IT_DOES[option.acts]}, which only a configuration given with --config may do`,
      `Use ${flagOf(name)} or ${variableOf(name)} instead, or, if you trust the file, add --config ${path}.`,
    );
  }
}

async function readNamed(file: string): Promise<Found> {
  const config = await read(file, true);
  if (!config) throw invalid(`${file}: cannot be read (no such file)`, 'Check the spelling of the path.');
  return { path: resolve(file), content: config.content };
}

interface Found {
  readonly path: string;
  readonly content: Record<string, unknown>;
}

/** The nearest configuration file, from a folder upwards. */
async function findConfig(folder: string): Promise<Found | undefined> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    for (const name of FILE_NAMES) {
      const path = join(current, name);
      const config = await read(path, false);
      if (config && !config.isEmpty) return { path, content: config.content };
    }
    if (dirname(current) === current) return undefined;
  }
}

/** Undefined if the file does not exist. @throws BodyscriptError `CONFIG_INVALID` */
async function read(path: string, isNamed: boolean): Promise<(Omit<Found, 'path'> & { isEmpty: boolean }) | undefined> {
  let config: ConfigText | undefined;
  try {
    config = await readConfig(path, isNamed);
  } catch (cause) {
    throw invalid(`${path}: cannot be read (${systemMeaning(cause) ?? shortMessage(cause)})`, undefined, cause);
  }
  if (config === undefined) return undefined;
  const { isEmpty, content } = config;
  if (!isTable(content)) throw invalid(`${path}: must contain a table of sections`);
  return { isEmpty, content };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(
  message: string,
  remedy = 'See "bodyscript help config" for valid sections and options.',
  cause?: unknown,
): BodyscriptError {
  return new BodyscriptError('CONFIG_INVALID', message, { remedy, exitCode: EXIT_CODES.usage, cause });
}
