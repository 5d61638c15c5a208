import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { GaitTruth } from '../../samples/render/gait-truth.js';
import type { Side } from '../../src/model/body.js';
import { SAMPLES } from './reference-clips.js';

/** An event as listed in a table. */
export interface FoundEvent {
  readonly kind: string;
  readonly side: string;
  /** Seconds. */
  readonly time: number;
}

/** How close detected events are to true ones. */
export interface Comparison {
  /** Frames from each true event to the detected one, negative if early. */
  readonly errors: readonly number[];
  /** True events that were not detected, and detected ones that are not true. */
  readonly missed: readonly string[];
  readonly invented: readonly string[];
}

/** Maximum distance in frames between a detected event and its true one. */
const SAME_WITHIN_FRAMES = 4;
const RATE = 30;

export async function readGaitTruth(): Promise<GaitTruth> {
  return JSON.parse(await readFile(join(SAMPLES, 'gait-events.json'), 'utf8')) as GaitTruth;
}

/**
 * Compares detected events with a walker's true ones.
 * @param span seconds between which true events must be detected: at the ends of a clip turning points are not visible
 */
export function compareEvents(
  found: readonly FoundEvent[],
  { heelStrikes, toeOffs }: GaitTruth[string][number],
  span: readonly [from: number, to: number],
): Comparison {
  const errors: number[] = [];
  const missed: string[] = [];
  const invented: string[] = [];
  const compare = (side: Side, kind: string, all: readonly number[]) => {
    const left = found.filter(event => event.side === side && event.kind === kind).map(({ time }) => time);
    for (const time of all) {
      const near = left.findIndex(other => Math.abs(other - time) * RATE <= SAME_WITHIN_FRAMES);
      if (near >= 0) errors.push((left.splice(near, 1)[0]! - time) * RATE);
      else if (time >= span[0] && time <= span[1]) missed.push(`${side} ${kind} at ${time} s`);
    }
    invented.push(...left.map(time => `${side} ${kind} at ${time.toFixed(3)} s`));
  };
  for (const [side, letter] of [['left', 'L'] as const, ['right', 'R'] as const]) {
    compare(side, 'heel_strike', heelStrikes[letter]);
    compare(side, 'toe_off', toeOffs[letter]);
  }
  return { errors, missed, invented };
}

/** All detected, none invented; upper limits for the median and the worst error in frames. */
export function expectNear({ errors, missed, invented }: Comparison, median: number, worst: number): void {
  expect({ missed, invented }).toEqual({ missed: [], invented: [] });
  const sizes = errors.map(Math.abs).sort((a, b) => a - b);
  expect(sizes[sizes.length >> 1]).toBeLessThanOrEqual(median);
  expect(sizes.at(-1)).toBeLessThanOrEqual(worst);
}
