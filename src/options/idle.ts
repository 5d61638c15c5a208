import { UsageError } from '../errors.js';
import type { OptionTable, Values } from './option.js';
import { COMMAND_LINE, type Resolved } from './resolve.js';

/** Why an option has no effect in combination with the others. */
export interface Idle {
  /** A clause: `--mode track does not judge poses`. */
  readonly because: string;
  /** What would give it an effect, after "Leave it out, or ": `choose --mode smart`. */
  readonly unless: string;
}

/** For options that may have no effect: the reason with these values, or undefined if they have one. */
export type IdleRules<Table extends OptionTable> = {
  readonly [Name in keyof Table]?: (values: Values<Table>) => Idle | undefined;
};

/** Name of the library's options as a source; like flags, they apply to one call. */
export const CALL = 'options';

/**
 * Refuses options given for this call that have no effect. Configurations and variables are for many calls: their
 * values may stay unused. @throws UsageError with the cause and a remedy
 */
export function refuseIdle<Table extends OptionTable>(
  rules: IdleRules<Table>,
  { values, origins }: Pick<Resolved<Table>, 'values' | 'origins'>,
): void {
  for (const [name, rule] of Object.entries<IdleRules<Table>[keyof Table]>(rules)) {
    const origin = origins[name];
    if (origin?.source !== COMMAND_LINE && origin?.source !== CALL) continue;
    const idle = rule?.(values);
    if (!idle) continue;
    throw new UsageError(`${origin.name} has no effect: ${idle.because}`, `Leave it out, or ${idle.unless}.`);
  }
}
