import { readLandmarks } from '../tables/read-landmarks.js';

/** What formats want to know before the first frame. */
export interface TableFacts {
  readonly frames: number;
  /** Seconds. */
  readonly firstTime: number;
  /** Frames per second on average. */
  readonly rate: number;
  /** Ids of the people, rising. */
  readonly people: readonly number[];
}

/** Reads a landmark file once. @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID` */
export async function scanTable(path: string): Promise<TableFacts> {
  let [frames, firstTime, lastTime] = [0, 0, 0];
  const people = new Set<number>();
  for await (const frame of readLandmarks(path)) {
    if (frames++ === 0) firstTime = frame.timestamp;
    lastTime = frame.timestamp;
    for (const { personId } of frame.people) people.add(personId);
  }
  const rate = frames > 1 && lastTime > firstTime ? (frames - 1) / (lastTime - firstTime) : 0;
  return { frames, firstTime, rate, people: [...people].sort((a, b) => a - b) };
}
