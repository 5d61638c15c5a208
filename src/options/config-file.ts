import { dirname } from 'node:path';
import { type Loader, lilconfig } from 'lilconfig';
import { BodyscriptError, EXIT_CODES, shortMessage } from '../errors.js';
import type { Layer } from './resolve.js';
import { closest } from './suggest.js';

/** The commands that a configuration has options for. */
export const CONFIG_SECTIONS = ['analyze', 'compare', 'filter'] as const;
export type ConfigSection = (typeof CONFIG_SECTIONS)[number];

const FILE_NAMES = ['bodyscript.config.json', 'bodyscript.config.toml'] as const;
/** Where an editor finds the schema; no option. */
const SCHEMA_KEY = '$schema';

const loadToml: Loader = async (_path, content) => (await import('smol-toml')).parse(content);
const loadJson: Loader = (_path, content) => JSON.parse(content.replace(/^\uFEFF/, ''));

/**
 * The options of a command in the configuration file that is nearest, from a folder upwards; undefined where there is none.
 * @param file this one instead
 * @throws BodyscriptError `CONFIG_INVALID`
 */
export async function configLayer(
  section: ConfigSection,
  folder: string,
  file: string | undefined,
): Promise<Layer | undefined> {
  const found = await findConfig(folder, file);
  if (!found) return undefined;
  const { path, config } = found;
  for (const key of Object.keys(config)) {
    if (key === SCHEMA_KEY || (CONFIG_SECTIONS as readonly string[]).includes(key)) continue;
    const near = closest(key, CONFIG_SECTIONS);
    const hint = near === undefined ? 'Put options below the command that they are for' : `Did you mean ${near}`;
    throw invalid(`${path}: there is no section "${key}"`, `${hint}${near === undefined ? ', "analyze".' : '?'}`);
  }
  const values = config[section] ?? {};
  if (!isTable(values)) throw invalid(`${path}: "${section}" must be a table of options`);
  return { source: path, nameOf: name => `${path}: ${section}.${name}`, values };
}

async function findConfig(
  folder: string,
  file: string | undefined,
): Promise<{ path: string; config: Record<string, unknown> } | undefined> {
  const loaders = { '.toml': loadToml, '.json': loadJson };
  const finder = lilconfig('bodyscript', { searchPlaces: [...FILE_NAMES], loaders, cache: false, stopDir: '/' });
  try {
    const result = await (file === undefined ? finder.search(folder) : finder.load(file));
    if (!result || result.isEmpty) return undefined;
    if (!isTable(result.config)) throw new TypeError('it must hold a table');
    return { path: result.filepath, config: result.config };
  } catch (cause) {
    const where = file ?? `a ${FILE_NAMES.join(' or ')} in or above ${dirname(`${folder}/x`)}`;
    throw invalid(`${where}: cannot be read (${shortMessage(cause)})`, undefined, cause);
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(
  message: string,
  remedy = 'See "bodyscript help config" for what it may hold.',
  cause?: unknown,
): BodyscriptError {
  return new BodyscriptError('CONFIG_INVALID', message, { remedy, exitCode: EXIT_CODES.usage, cause });
}
