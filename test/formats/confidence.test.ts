import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import * as z from '#zod';
import { csvFormat } from '../../src/formats/csv-writer.js';
import type { LineFormat } from '../../src/formats/line-format.js';
import { FRAME_SCHEMA } from '../../src/formats/ndjson-schema.js';
import { ndjsonFormat } from '../../src/formats/ndjson-writer.js';
import { poseOf } from '../../src/formats/pose-of.js';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { tableFrameOf } from '../../src/formats/table-frame-of.js';
import { confidenceOf } from '../../src/model/pose.js';
import type { FrameResult } from '../../src/model/result.js';
import type { TableFrame } from '../../src/model/table-frame.js';
import { standingPose } from '../support/fake-engine.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const DISPLAY = { width: 640, height: 480 };

/** A pose whose landmarks differ in confidence; the nose has none. */
const judged = () => {
  const pose = standingPose();
  const landmarks = pose.landmarks.map((mark, id) => (id === 0 ? mark : { ...mark, confidence: id / 33 }));
  return { ...pose, landmarks };
};

const frame = (frameId: number, pose?: FrameResult['people'][number]['pose']): FrameResult => ({
  frameId,
  timestamp: frameId / 30,
  status: pose ? 'tracked' : 'missing',
  people: pose ? [{ personId: 0, pose, status: 'tracked', strategy: 'original', score: 0.9 }] : [],
});

async function readBack(name: string, format: LineFormat, frames: readonly FrameResult[]): Promise<TableFrame[]> {
  const path = join(folder, name);
  await writeFile(path, format.head + frames.map(result => format.lines(tableFrameOf(result, DISPLAY))).join(''));
  const read: TableFrame[] = [];
  for await (const reported of readLandmarks(path)) read.push(reported);
  return read;
}

const FORMS = [
  ['long.csv', csvFormat('long')],
  ['wide.csv', csvFormat('wide')],
  ['table.ndjson', ndjsonFormat()],
] as const;

describe("a landmark's confidence", () => {
  test.each(FORMS)('is the same when read back from %s, and empty if absent', async (name, format) => {
    const frames = [frame(0, judged()), frame(1), frame(2, standingPose())];
    const read = await readBack(name, format, frames);
    expect(read).toEqual(frames.map(result => tableFrameOf(result, DISPLAY)));
    const [first, , last] = read.map(({ people }) => people[0]?.landmarks.map(({ confidence }) => confidence));
    expect(first?.slice(0, 3)).toEqual([undefined, 0.0303, 0.0606]);
    expect(new Set(last)).toEqual(new Set([undefined]));
  });

  test.each([
    ['long', 'score,confidence\n', /,0\.9000,0\.9697\n$/],
    ['wide', 'right_foot_index_world_z,right_foot_index_confidence\n', /,0\.9697\n$/],
  ] as const)('is the last column of the %s table', (layout, head, line) => {
    const format = csvFormat(layout);
    expect(format.head.endsWith(head)).toBe(true);
    expect(format.lines(tableFrameOf(frame(0, judged()), DISPLAY))).toMatch(line);
    const cells = [
      format.head,
      ...format
        .lines(tableFrameOf(frame(1), DISPLAY))
        .trimEnd()
        .split('\n'),
    ].map(row => row.split(',').length);
    expect(new Set(cells).size).toBe(1);
  });

  test('is optional in a line of NDJSON by its schema', () => {
    const isValid = new Ajv().compile(z.toJSONSchema(FRAME_SCHEMA, { io: 'input', target: 'draft-7' }));
    const lines = [frame(0, judged()), frame(1, standingPose())].map(result =>
      ndjsonFormat().lines(tableFrameOf(result, DISPLAY)),
    );
    expect(lines.map(line => isValid(JSON.parse(line)))).toEqual([true, true]);
    expect(lines.map(line => line.includes('"confidence"'))).toEqual([true, false]);
  });

  test('belongs to its position: a landmark without one is as uncertain as it is invisible', () => {
    const nowhere = { z: 0, visibility: 1, worldX: 0, worldY: 0, worldZ: 0, xPx: undefined, yPx: undefined };
    const { landmarks } = poseOf({ landmarks: [{ ...nowhere, x: undefined, y: undefined, confidence: 0.9 }] });
    expect(landmarks.map(confidenceOf)).toEqual([0]);
    expect([{ visibility: 0.3 }, { visibility: 0.3, confidence: 0 }].map(confidenceOf)).toEqual([0.3, 0]);
  });
});

test('a table from before confidences existed is read without them', async () => {
  const old = new URL('../../samples/golden/wave.csv', import.meta.url);
  const text = await readFile(old, 'utf8');
  const columns = text.slice(0, text.indexOf('\n')).split(',');
  const path = join(folder, 'old.csv');
  const without = text
    .trimEnd()
    .split('\n')
    .map(line => line.split(',').filter((_, at) => !columns[at]?.endsWith('_confidence')));
  await writeFile(path, without.map(cells => cells.join(',')).join('\n'));
  for await (const { people } of readLandmarks(path)) {
    expect(people[0]?.landmarks[0]).toMatchObject({ visibility: expect.any(Number), confidence: undefined });
  }
});
