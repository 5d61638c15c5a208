import { expect, test } from 'vitest';
import { parseComplaint } from '../../src/decode/complaint.js';
import { FrameTimes } from '../../src/decode/frame-times.js';

const [BEFORE, AFTER] = [1_000_000, 5_000_000];
const line = (value: number | 'nan') => `[error] ${value === 'nan' ? value : value.toFixed(6)}`;
const reported = (n: number, pts: number | 'nan') => [line(BEFORE + n), line(pts), line(AFTER + n)];
const read = (times: FrameTimes, lines: readonly string[]) => lines.map(text => times.read(text));

test('three lines report a frame', () => {
  const times = new FrameTimes(BEFORE, AFTER);
  expect(read(times, [...reported(0, -90), ...reported(1, 6144)])).toEqual([
    'part',
    'part',
    { n: 0, pts: -90 },
    'part',
    'part',
    { n: 1, pts: 6144 },
  ]);
});

test('a frame without a time is distinguished, and the count may restart', () => {
  const times = new FrameTimes(BEFORE, AFTER);
  expect(
    read(times, [...reported(0, 5), ...reported(1, 'nan'), ...reported(0, 7)]).filter(part => typeof part === 'object'),
  ).toEqual([
    { n: 0, pts: 5 },
    { n: 1, pts: undefined },
    { n: 0, pts: 7 },
  ]);
});

test('a time that happens to equal a key is a time', () => {
  const times = new FrameTimes(BEFORE, AFTER);
  expect(read(times, reported(0, AFTER)).at(-1)).toEqual({ n: 0, pts: AFTER });
});

test('numbers without the key are not frames', () => {
  const times = new FrameTimes(BEFORE, AFTER);
  expect(read(times, ['[error] 0.000000', '[error] 99999.000000', line(BEFORE + 3), line('nan')])).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('an inserted number is detected', () => {
  const times = new FrameTimes(BEFORE, AFTER);
  read(times, [line(BEFORE), line(512)]);
  expect(() => times.read('[error] 99999.000000')).toThrow(/frame 0 has two times/);
});

test('other lines in between do no harm', () => {
  const times = new FrameTimes(BEFORE, AFTER);
  const [first = '', second = '', third = ''] = reported(0, 512);
  expect(read(times, [first, '[h264 @ 0x1] [error] error while decoding MB 3 4', second, third])).toEqual([
    'part',
    undefined,
    'part',
    { n: 0, pts: 512 },
  ]);
});

test('keys are new for each run', () => {
  expect(new FrameTimes().filter).not.toBe(new FrameTimes().filter);
});

test('errors are kept, warnings are not, and no error controls a terminal', () => {
  expect(parseComplaint('[h264 @ 0x1] [error] error while decoding MB 3 4')).toBe('h264: error while decoding MB 3 4');
  expect(parseComplaint('[fatal] file:x.mp4: Invalid data')).toBe('file:x.mp4: Invalid data');
  expect(parseComplaint('[swscaler @ 0x1] [warning] deprecated pixel format')).toBeUndefined();
  expect(parseComplaint('[error] \u001b[2Jgone')).toBe('[2Jgone');
  expect(parseComplaint(`[error] ${'x'.repeat(5000)}`)?.length).toBeLessThan(400);
});
