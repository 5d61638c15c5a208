import type { Film } from './clip.js';
import { CLIPS, FILMS } from './clips.js';
import type { Side } from './figure/skeleton.js';
import { type GaitEvents, gaitEvents } from './motions/walking.js';

/** The events of one walker of a clip. */
interface WalkerEvents extends GaitEvents {
  /** The person's index in the truth's `people`. */
  readonly person: number;
}

/** Content of `gait-events.json`: clips by name, each with its walkers. */
export type GaitTruth = Readonly<Record<string, readonly WalkerEvents[]>>;

/** The exact events of all people who walk in a film, from its first frame to its last. */
function walkersOf({ roles, times }: Film): WalkerEvents[] {
  return roles.flatMap(({ motion: { gait } }, person) =>
    gait ? [{ person, ...gaitEvents(gait, times[0] ?? 0, times.at(-1) ?? 0) }] : [],
  );
}

/** The exact events of all clips with walking people. */
export function gaitTruth(): GaitTruth {
  const clips = CLIPS.map(({ name, film }) => [name, walkersOf(FILMS[film as keyof typeof FILMS])] as const);
  return Object.fromEntries(clips.filter(([, walkers]) => walkers.length > 0));
}

/** `gait-events.json`: one line for each walker's feet. */
export function gaitTruthText(truth: GaitTruth): string {
  const times = (values: Readonly<Record<Side, readonly number[]>>) => JSON.stringify(values);
  const walker = ({ person, heelStrikes, toeOffs }: WalkerEvents) =>
    `    { "person": ${person},\n      "heelStrikes": ${times(heelStrikes)},\n      "toeOffs": ${times(toeOffs)} }`;
  const clips = Object.entries(truth).map(
    ([name, walkers]) => `  "${name}": [\n${walkers.map(walker).join(',\n')}\n  ]`,
  );
  return `{\n${clips.join(',\n')}\n}\n`;
}
