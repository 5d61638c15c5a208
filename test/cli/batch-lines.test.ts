import { describe, expect, test } from 'vitest';
import { doneLine, failureText } from '../../src/cli/batch-lines.js';
import { plainText } from '../../src/cli/styled.js';
import { summarize } from '../../src/cli/summary.js';
import type { RunRecord } from '../../src/model/run-record.js';
import record from '../support/run-record.json' with { type: 'json' };

const RECORD = record as unknown as RunRecord;

function lineOf(more: Partial<RunRecord>): string {
  return plainText([doneLine('walk.mp4', { ...RECORD, ...more }, 0)]);
}

const low = (score: number, at: number) => ({ score, at, frameId: 0, personId: 0 });
const frames = (decoded: number, missing: number) => ({
  ...RECORD.frames,
  decoded,
  missing,
  detected: decoded - missing,
  tracked: 0,
});

describe('the line of a video', () => {
  test('says in how many frames a person is, where the score is low, and how many warnings there are', () => {
    const line = lineOf({
      frames: frames(300, 5),
      seconds: { ...RECORD.seconds, wall: 7.24 },
      lowestScores: [low(0.31, 4.2), low(0.4, 9), low(0.99, 1)],
      warnings: ['one', 'two'],
    });
    expect(line).toBe(
      'walk.mp4: 300 frames in 7.2 s; person in 98.3 %; lowest scores 0.31 at 4.2 s, 0.40 at 9.0 s; 2 warnings',
    );
  });

  test('is in the singular where there is one', () => {
    const line = lineOf({ frames: frames(1, 0), lowestScores: [low(0.5, 0)], warnings: ['one'] });
    expect(line).toMatch(/: 1 frame in .*; person in 100 %; lowest score 0\.50 at 0\.0 s; 1 warning$/);
  });

  test('says how good the worst pose is where none is doubtful', () => {
    expect(lineOf({ frames: frames(30, 0), lowestScores: [low(0.97, 0)], warnings: [] })).toMatch(
      /; lowest score 0\.97$/,
    );
  });

  test('never rounds to all or none', () => {
    expect(lineOf({ frames: frames(100_000, 1) })).toContain('person in 99.9 %');
  });

  test('says that nobody was found', () => {
    expect(lineOf({ frames: frames(30, 30), lowestScores: [], warnings: [] })).toMatch(/; nobody found$/);
  });

  test('an error names the video once, with code and remedy', () => {
    const error = { code: 'INPUT_EMPTY', remedy: 'Copy it again.' };
    expect(failureText('a.mp4', { ...error, message: 'is empty' })).toBe(
      'a.mp4: is empty (INPUT_EMPTY). Copy it again.',
    );
    expect(failureText('a.mp4', { ...error, message: 'a.mp4: is empty' })).toBe(
      'a.mp4: is empty (INPUT_EMPTY). Copy it again.',
    );
  });
});

describe('the summary of one video', () => {
  const textOf = (more: Partial<RunRecord>) => plainText(summarize({ ...RECORD, ...more }));

  test('has a label on each line but the first, and all of them stand below each other', () => {
    const [, ...lines] = textOf({ warnings: ['one'], swaps: { count: 1, frames: [0] } }).split('\n');
    for (const line of lines) expect(line).toMatch(/^ {2}\S.{18} ?\S|^ {22}\S/);
    expect(lines.join('\n')).toMatch(/^ {2}swaps {15}left and right exchanged once /m);
  });

  test('counts as retries only what the first attempt did not find', () => {
    expect(textOf({ strategyUse: { original: 90 } })).not.toContain('found on retry');
    expect(textOf({ strategyUse: { original: 90, crop: 1, filled: 4 } })).toMatch(/found on retry +1 pose: crop 1$/m);
    expect(textOf({ strategyUse: { original: 9, crop: 2, zoom: 5 } })).toMatch(/retry +7 poses: zoom 5, crop 2$/m);
  });

  test('says that nobody was found', () => {
    expect(textOf({ meanVisibility: null, lowestScores: [] })).toMatch(/^ {2}poses +nobody found$/m);
  });
});
