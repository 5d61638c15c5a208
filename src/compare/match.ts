import type { TableFrame, TablePerson } from '../model/table-frame.js';
import { meanDistance } from './geometry.js';

/** Times of one frame may differ by rounding to a millisecond. */
const SAME_TIME_SECONDS = 0.001 + 1e-9;

/**
 * A frame of the golden file and the new file's frame at the same time; one is undefined if only the other file has a
 * frame.
 */
export interface FramePair {
  readonly golden: TableFrame | undefined;
  readonly fresh: TableFrame | undefined;
}

/** Walks through two files side by side, by presentation time. */
export async function* matchFrames(
  golden: AsyncIterable<TableFrame>,
  fresh: AsyncIterable<TableFrame>,
): AsyncGenerator<FramePair> {
  const [a, b] = [golden[Symbol.asyncIterator](), fresh[Symbol.asyncIterator]()];
  try {
    let [left, right] = [await next(a), await next(b)];
    while (left || right) {
      const late =
        left && right ? left.timestamp - right.timestamp : left ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      if (Math.abs(late) <= SAME_TIME_SECONDS) {
        yield { golden: left, fresh: right };
        [left, right] = [await next(a), await next(b)];
      } else if (late < 0) {
        yield { golden: left, fresh: undefined };
        left = await next(a);
      } else {
        yield { golden: undefined, fresh: right };
        right = await next(b);
      }
    }
  } finally {
    await Promise.all([a.return?.(), b.return?.()]);
  }
}

async function next(frames: AsyncIterator<TableFrame>): Promise<TableFrame | undefined> {
  const { done, value } = await frames.next();
  return done ? undefined : value;
}

/** Two people that are assumed to be the same. */
export interface PersonPair {
  readonly golden: TablePerson;
  readonly fresh: TablePerson;
}

/**
 * Pairs the people of a frame by the mean distance of their landmarks, with or without swapping left and right; the
 * nearest first.
 */
export function matchPeople(golden: readonly TablePerson[], fresh: readonly TablePerson[]): PersonPair[] {
  const [one] = golden;
  const [other] = fresh;
  if (golden.length === 1 && fresh.length === 1 && one && other) return [{ golden: one, fresh: other }];
  const all = golden.flatMap(a =>
    fresh.map(b => ({ a, b, off: Math.min(meanDistance(a, b), meanDistance(a, b, true)) })),
  );
  const pairs: PersonPair[] = [];
  for (const { a, b } of all.sort((p, q) => p.off - q.off)) {
    if (pairs.some(pair => pair.golden === a || pair.fresh === b)) continue;
    pairs.push({ golden: a, fresh: b });
  }
  return pairs;
}
