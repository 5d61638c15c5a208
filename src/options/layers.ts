import type { OptionTable } from './option.js';
import { COMMAND_LINE, type Layer } from './resolve.js';
import { closest } from './suggest.js';

const PREFIX = 'BODYSCRIPT_';
/** Variables that are not options: locations, and those of the project's own tests. */
const OTHER_VARIABLES = /^BODYSCRIPT_(CACHE|CONFIG|FULL_TESTS|NETWORK_LOG|REFERENCE_CLIPS)$/;

/** `--min-score` for `minScore`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

/** `BODYSCRIPT_MIN_SCORE` for `minScore`. */
export function variableOf(name: string): string {
  return `${PREFIX}${name.replaceAll(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;
}

/** What commander read. */
export function flagLayer(values: Readonly<Record<string, unknown>>): Layer {
  return { source: COMMAND_LINE, nameOf: flagOf, values };
}

/** The options of a command among the environment's variables; an empty variable does not count. */
export function environmentLayer(table: OptionTable, environment: NodeJS.ProcessEnv): Layer {
  const values: Record<string, string> = {};
  for (const [name, { onlyFlag }] of Object.entries(table)) {
    const value = environment[variableOf(name)];
    if (value && !onlyFlag) values[name] = value;
  }
  return { source: 'environment', nameOf: variableOf, values };
}

/** Warnings about variables that look like our options but are not. */
export function unknownVariables(tables: readonly OptionTable[], environment: NodeJS.ProcessEnv): string[] {
  const known = tables.flatMap(table => Object.keys(table).map(variableOf));
  return Object.keys(environment)
    .filter(name => name.startsWith(PREFIX) && !known.includes(name) && !OTHER_VARIABLES.test(name))
    .map(name => {
      const near = closest(
        name.slice(PREFIX.length),
        known.map(other => other.slice(PREFIX.length)),
      );
      return `${name} is set but is not an option${near === undefined ? '' : `; did you mean ${PREFIX}${near}?`}`;
    });
}
