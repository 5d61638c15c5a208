import { expect, test } from 'vitest';
import { parseDecoderLine } from '../../src/decode/showinfo.js';

test('a line of showinfo gives number and ticks, old and new', () => {
  const line =
    '[Parsed_showinfo_0 @ 0x55e5] [info] n:  12 pts:   6144 pts_time:0.4     duration:    512 duration_time:0.0333';
  expect(parseDecoderLine(line)).toEqual({ kind: 'frame', frame: { n: 12, pts: 6144 } });
  expect(parseDecoderLine('[Parsed_showinfo_1 @ 0x2] n:0 pts:-90 pts_time:-0.001 pos:48')).toEqual({
    kind: 'frame',
    frame: { n: 0, pts: -90 },
  });
});

test('a frame without a time is told apart', () => {
  expect(parseDecoderLine('[Parsed_showinfo_0 @ 0x1] [info] n:   3 pts: NOPTS pts_time:NOPTS')).toEqual({
    kind: 'frame',
    frame: { n: 3, pts: undefined },
  });
});

test('the time base is that of the filter', () => {
  expect(parseDecoderLine('[Parsed_showinfo_0 @ 0x1] [info] config in time_base: 1/15360, frame_rate: 30/1')).toEqual({
    kind: 'timeBase',
    timeBase: { num: 1, den: 15_360 },
  });
});

test('errors are kept, warnings and metadata are not', () => {
  expect(parseDecoderLine('[h264 @ 0x1] [error] error while decoding MB 3 4')).toEqual({
    kind: 'error',
    text: 'h264: error while decoding MB 3 4',
  });
  expect(parseDecoderLine('[fatal] file:x.mp4: Invalid data')).toEqual({
    kind: 'error',
    text: 'file:x.mp4: Invalid data',
  });
  expect(parseDecoderLine('[swscaler @ 0x1] [warning] deprecated pixel format')).toBeUndefined();
});

test('a title that looks like a frame is no frame', () => {
  expect(
    parseDecoderLine('[info]     title           : [Parsed_showinfo_0 @ 0x1] n: 1 pts: 5 pts_time:1'),
  ).toBeUndefined();
});
