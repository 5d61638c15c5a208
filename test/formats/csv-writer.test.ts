import { describe, expect, test } from 'vitest';
import { CSV_COLUMNS, csvFormat, fixed, rounded } from '../../src/formats/csv-writer.js';
import { tableFrameOf } from '../../src/formats/table-frame-of.js';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import type { FrameResult } from '../../src/model/result.js';
import { standingPose } from '../support/fake-engine.js';

const DISPLAY = { width: 640, height: 480 };
const person = (personId: number, pose = standingPose()) => ({
  personId,
  pose,
  status: 'tracked' as const,
  strategy: 'original',
  score: 0.87654,
});

function fields(result: FrameResult): string[][] {
  return csvFormat('long')
    .lines(tableFrameOf(result, DISPLAY))
    .trimEnd()
    .split('\n')
    .map(line => line.split(','));
}

test('a rounded number equals the written one, also halfway between two decimals and near zero', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  const values = Array.from({ length: 20_000 }, () => (random() - 0.5) * 10 ** Math.floor(random() * 12 - 6));
  const ties = Array.from({ length: 2000 }, (_, i) => (i - 1000) / 2 / 10 ** (i % 7));
  for (const value of [...values, ...ties, 1.005, -1e-9, 0, -0, 1e22, Number.NaN]) {
    for (const decimals of [3, 4, 6]) expect(rounded(value, decimals)).toBe(Number(fixed(value, decimals)));
  }
});

describe('the landmark table', () => {
  test('has one header line with the agreed columns', () => {
    expect(csvFormat('long').head).toBe(`${CSV_COLUMNS.join(',')}\n`);
    expect(CSV_COLUMNS).toHaveLength(18);
  });

  test('a frame has 33 rows for each person, by landmark', () => {
    const rows = fields({ frameId: 7, timestamp: 0.2333333, status: 'tracked', people: [person(0), person(3)] });
    expect(rows).toHaveLength(66);
    expect(rows.map(row => row[4])).toEqual([...LANDMARK_NAMES, ...LANDMARK_NAMES]);
    expect(rows[0]?.slice(0, 4)).toEqual(['7', '0.233333', '0', '0']);
    expect(rows[33]?.slice(0, 4)).toEqual(['7', '0.233333', '3', '0']);
    expect(rows[0]?.slice(-4)).toEqual(['tracked', 'original', '0.8765', '']);
  });

  test('pixels are those of the displayed frame', () => {
    const pose = {
      landmarks: [{ x: 0.25, y: -0.5, z: 0.1, visibility: 1 }],
      worldLandmarks: [{ x: 0.1, y: -0.0000001, z: 2 }],
    };
    const row = fields({ frameId: 0, timestamp: 0, status: 'detected', people: [person(0, pose)] })[0];
    expect(row?.slice(5, 14)).toEqual([
      '0.250000',
      '-0.500000',
      '0.100000',
      '1.0000',
      '160.000',
      '-240.000',
      '0.100000',
      '0.000000',
      '2.000000',
    ]);
  });

  test('a frame without people has its 33 rows, empty and missing', () => {
    const rows = fields({ frameId: 1, timestamp: -0.5, status: 'missing', people: [] });
    expect(rows).toHaveLength(33);
    expect(rows[32]).toEqual([
      '1',
      '-0.500000',
      '',
      '32',
      'right_foot_index',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      'missing',
      '',
      '',
      '',
    ]);
  });
});
