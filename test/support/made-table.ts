import { writeFile } from 'node:fs/promises';
import { csvFormat } from '../../src/formats/csv-writer.js';
import { tableFrameOf } from '../../src/formats/table-frame-of.js';
import type { Pose } from '../../src/model/pose.js';

const DISPLAY = { width: 640, height: 480 };

/** The people of a frame: a pose for each id. */
export interface MadeFrame {
  readonly time: number;
  readonly people: Readonly<Record<number, Pose>>;
}

/** Writes a landmark table of these frames. */
export async function writeMadeTable(path: string, frames: readonly MadeFrame[]): Promise<void> {
  const format = csvFormat('long');
  const lines = frames.map(({ time, people }, frameId) => {
    const list = Object.entries(people).map(([id, pose]) => {
      const how = { status: 'tracked', strategy: 'original', score: 0.9 } as const;
      return { personId: Number(id), pose, ...how };
    });
    const status = list.length > 0 ? 'tracked' : 'missing';
    return format.lines(tableFrameOf({ frameId, timestamp: time, status, people: list }, DISPLAY));
  });
  await writeFile(path, format.head + lines.join(''));
}
