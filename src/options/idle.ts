import { UsageError } from '../errors.js';
import type { OptionTable, Values } from './option.js';
import { COMMAND_LINE, type Resolved } from './resolve.js';

/** Why an option changes nothing beside the others. */
export interface Idle {
  /** A clause: `--mode track judges no poses`. */
  readonly because: string;
  /** What would make it count, after "Leave it out, or ": `choose --mode smart`. */
  readonly unless: string;
}

/** For options that may change nothing: why they do so beside these values, or undefined where they count. */
export type IdleRules<Table extends OptionTable> = {
  readonly [Name in keyof Table]?: (values: Values<Table>) => Idle | undefined;
};

/** What the library's options are called as a source; like flags, they are given for one call. */
export const CALL = 'options';

/**
 * Refuses what was given for this one call and changes nothing. A configuration or a variable is for many calls: its
 * values may stay unused.
 * @throws UsageError with the cause and a remedy
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
