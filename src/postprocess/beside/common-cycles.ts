import { type FoundCycles, findCycles } from '../cycles/find-cycles.js';
import type { CycleOptions, PersonGait, PersonRepetitions } from '../cycles/person-cycles.js';
import { REASONS } from '../cycles/reasons.js';

/** The cycles of a table's first person who has any. */
export interface TableCycles {
  readonly id: number;
  readonly found: PersonGait | PersonRepetitions;
}

/** The cycles that two tables share: steps in both, or repetitions of the same angle. */
export interface CommonCycles {
  readonly all: readonly [FoundCycles, FoundCycles];
  /** A sentence that says why none exist. */
  readonly cycles: readonly [TableCycles, TableCycles] | string;
}

const ANY: CycleOptions = { kind: 'auto', angle: 'auto', personHeight: undefined };

/**
 * The cycles that the first people of two landmark files share: the first file decides their type.
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`
 */
export async function commonCycles(tables: readonly [string, string], signal?: AbortSignal): Promise<CommonCycles> {
  const [first, second] = tables;
  const all = await findCycles(first, ANY, undefined, signal);
  const own = cyclesIn(all);
  const others = await findCycles(second, own ? like(own) : ANY, undefined, signal);
  const found = cyclesIn(others);
  const cycles = own && found ? ([own, found] as const) : undefined;
  const why = own ? `${reasonIn(second, others)}; looked for: ${spelled(own)}` : reasonIn(first, all);
  return { all: [all, others], cycles: cycles ?? why };
}

function cyclesIn({ people }: FoundCycles): TableCycles | undefined {
  for (const { id, found } of people) if (typeof found !== 'string') return { id, found };
  return undefined;
}

function like({ found }: TableCycles): CycleOptions {
  return { ...ANY, kind: found.kind, angle: found.kind === 'gait' ? 'auto' : found.angle };
}

function reasonIn(table: string, { people }: FoundCycles): string {
  const [first] = people;
  const reason = first && typeof first.found === 'string' ? `person ${first.id} ${REASONS[first.found]}` : undefined;
  return `${table}: ${reason ?? 'contains no person'}`;
}

/** The type of cycles: `steps`, `repetitions of left knee`. */
function spelled({ found }: TableCycles): string {
  return found.kind === 'gait' ? 'steps' : `repetitions of ${found.angle.replaceAll('_', ' ')}`;
}
