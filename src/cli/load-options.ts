import { type ConfigLayer, type ConfigSection, configLayer, type NamedConfig } from '../options/config-file.js';
import { COLOR_CHOICES, GENERAL, LOG_LEVELS } from '../options/general-table.js';
import { refuseIdle } from '../options/idle.js';
import { IDLE_GENERAL } from '../options/idle-others.js';
import { environmentLayer, flagLayer, flagOf, unknownVariables } from '../options/layers.js';
import type { OptionTable } from '../options/option.js';
import { type Resolved, resolveOptions } from '../options/resolve.js';
import { spelledJson } from '../text/json.js';
import type { CliContext } from './context.js';
import { Log, wantsColor } from './log.js';

/** Flags as commander parsed them. */
export type Flags = Readonly<Record<string, unknown>>;

/**
 * Reads and checks a command's options from flags, environment and configuration, and sets up the log.
 * @param section of the configuration file; undefined: without one
 * @throws UsageError, BodyscriptError `CONFIG_INVALID`
 */
export async function loadOptions<const Table extends OptionTable>(
  table: Table,
  section: ConfigSection | undefined,
  flags: Flags,
  context: CliContext,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Resolved<Table & typeof GENERAL>> {
  context.log = new Log(logOptions(flags, environment)); // For errors in the options themselves.
  const all = { ...table, ...GENERAL } as Table & typeof GENERAL;
  const config = section && (await configLayer(section, all, process.cwd(), namedConfig(flags, environment)));
  if (config) context.alsoRead = [config.source];
  const layers = [config, environmentLayer(all, environment), flagLayer(flags)].filter(layer => layer !== undefined);
  const resolved = resolveOptions(all, layers);
  const { quiet, logLevel, logJson, color } = resolveOptions(GENERAL, generalOf(layers)).values;
  context.log = new Log({ level: quiet ? 'error' : logLevel, json: logJson, ...colours(color, environment) });
  refuseIdle(IDLE_GENERAL, resolved);
  if (config) tellConfig(config, layers, context.log);
  if (section === 'analyze') {
    const { ALL_TABLES } = await import('../options/all-tables.js');
    for (const warning of unknownVariables(ALL_TABLES, environment)) context.log.warn(warning);
  }
  return resolved;
}

/**
 * Sets the log up for a command that has no table of options, from its flags and the environment.
 * @throws UsageError
 */
export function setUpLog(flags: Flags, context: CliContext): void {
  context.log = new Log(logOptions(flags, process.env)); // For errors in the options themselves.
  const [own] = generalOf([flagLayer(flags)]);
  const resolved = resolveOptions(GENERAL, [environmentLayer(GENERAL, process.env), ...(own ? [own] : [])]);
  const { quiet, logLevel, logJson, color } = resolved.values;
  context.log = new Log({ level: quiet ? 'error' : logLevel, json: logJson, ...colours(color, process.env) });
  refuseIdle(IDLE_GENERAL, resolved);
}

function namedConfig(flags: Flags, environment: NodeJS.ProcessEnv): NamedConfig | undefined {
  if (typeof flags.config === 'string') return { file: flags.config, by: '--config' };
  const file = environment.BODYSCRIPT_CONFIG;
  return file ? { file, by: 'BODYSCRIPT_CONFIG' } : undefined;
}

/** Names the configuration in use. One that nobody named cannot keep that quiet: only flags and variables can. */
function tellConfig(config: ConfigLayer, layers: Parameters<typeof resolveOptions>[1], log: Log): void {
  const trusted = config.isFound ? layers.filter(layer => layer !== config) : layers;
  const { quiet, logLevel } = resolveOptions(GENERAL, generalOf(trusted)).values;
  new Log({ ...log.options, level: quiet ? 'error' : logLevel }).info(
    `configuration: ${config.source} (${config.how})`,
    {
      event: 'config',
      path: config.source,
      source: config.how,
    },
  );
}

function generalOf(layers: Parameters<typeof resolveOptions>[1]): Parameters<typeof resolveOptions>[1] {
  return layers.map(layer => ({
    ...layer,
    values: Object.fromEntries(Object.entries(layer.values).filter(([name]) => Object.hasOwn(GENERAL, name))),
  }));
}

/** How to log before the options are checked: what is wrong is taken for the default. */
function logOptions(flags: Flags, environment: NodeJS.ProcessEnv): ConstructorParameters<typeof Log>[0] {
  const pick = <T extends string>(choices: readonly T[], value: unknown, usual: T) =>
    choices.find(choice => choice === value) ?? usual;
  return {
    level: pick(LOG_LEVELS, flags.logLevel ?? environment.BODYSCRIPT_LOG_LEVEL, 'info'),
    json: flags.logJson === true || environment.BODYSCRIPT_LOG_JSON === 'true',
    ...colours(pick(COLOR_CHOICES, flags.color, 'auto'), environment),
  };
}

function colours(choice: (typeof COLOR_CHOICES)[number], environment: NodeJS.ProcessEnv) {
  return {
    color: wantsColor(choice, environment),
    colorStdout: wantsColor(choice, environment, process.stdout),
  };
}

/** What `--print-config` shows: a TOML table that could be a configuration file, each line with its source. */
export function printedConfig(
  section: ConfigSection,
  table: OptionTable,
  { origins }: Resolved<OptionTable>,
): string[] {
  const lines = Object.entries(table)
    .filter(([name, { onlyFlag }]) => !onlyFlag && origins[name] !== undefined)
    .map(([name, { flags }]) => {
      const { given, source } = origins[name] as { given: unknown; source: string };
      const value = given === undefined ? `# ${name} is not given` : `${name} = ${spelledJson(given)}`;
      return `${value.padEnd(40)} # ${source}${flags === undefined ? '' : `; ${flagOf(name)}`}`;
    });
  return [`[${section}]`, ...lines];
}
