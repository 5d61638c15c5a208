import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import { timeBins } from '../../src/report/bins.js';
import { bibtexOf } from '../../src/report/cite.js';
import { followCommand, lineOf } from '../../src/report/follow-command.js';
import { wonBy } from '../../src/report/networks.js';
import { WhoIsThere } from '../../src/report/who-is-there.js';
import { shellWord } from '../../src/text/shell.js';

const RECORD = JSON.parse(await readFile(new URL('../support/run-record.json', import.meta.url), 'utf8')) as RunRecord;

function recordWith(input: object, source: object = {}): RunRecord {
  const { options } = RECORD;
  return {
    ...RECORD,
    input: { ...RECORD.input, ...input },
    options: { ...options, source: { ...options.source, ...source } },
  };
}

const sighting = { personId: 2, x: 319.6, y: 240.2, at: 1.433334, isFirst: false };

describe('the line that follows one person', () => {
  test('names the place in whole pixels, and begins at their first frame where others come before', () => {
    const command = followCommand(RECORD);
    expect(lineOf(command, sighting)).toBe(
      'bodyscript analyze /data/wave.mp4 --person 320,240 --start 1.433 -o /results/person-2',
    );
    expect(lineOf(command, { ...sighting, isFirst: true })).not.toContain('--start');
    // Hips below the picture's edge: 640x480.
    expect(lineOf(command, { ...sighting, x: -3, y: 530 })).toContain('--person 0,479 ');
  });

  test("counts from the file's first frame, in the file's own seconds", () => {
    const command = followCommand(recordWith({ firstTimestamp: 1.4, timeScale: 0.125 }));
    // 12.8 s of the file, 1.6 s true.
    expect(lineOf(command, { ...sighting, at: 1.6 })).toContain('--start 11.4 ');
  });

  test('carries the options that decide what the pictures and times are', () => {
    const source = { rotate: 90, mirror: true, videoStream: 1, timeScale: 'auto', deinterlace: null };
    expect(lineOf(followCommand(recordWith({}, source)), sighting)).toMatch(
      /^bodyscript analyze \/data\/wave\.mp4 --rotate 90 --mirror --video-stream 1 --time-scale auto --person /,
    );
  });

  test('leaves nothing in a path to the shell, nor a secret in an address', () => {
    expect(shellWord("it's $(rm) here.mp4")).toBe(`'it'\\''s $(rm) here.mp4'`);
    expect(shellWord('-o.mp4')).toBe('./-o.mp4');
    expect(shellWord('a/b-1.mp4')).toBe('a/b-1.mp4');
    expect(shellWord('https://me:secret@host/a.mp4')).not.toContain('secret');
    expect(shellWord('')).toBe("''");
  });
});

describe('who is there', () => {
  const person = (personId: number, status = 'tracked', strategy = 'original') => ({
    personId,
    status,
    strategy,
    score: 1,
    landmarks: Array.from({ length: 33 }, (_, id) => ({ xPx: 100 * personId + id, yPx: 50 })) as never,
  });
  const table = (frames: readonly (readonly ReturnType<typeof person>[])[]) => {
    const who = new WhoIsThere();
    for (const [frameId, people] of frames.entries()) who.add({ frameId, timestamp: frameId / 10, people });
    const bins = timeBins(
      Float64Array.from(frames.keys(), frame => frame / 10),
      2000,
    );
    return { sightings: who.sightings, rows: who.rows(bins) };
  };

  test('is a row for each person: absent before and after, missing between, and how they were found', () => {
    const { rows } = table([
      [],
      [person(0, 'detected')],
      [person(0), person(1, 'tracked', 'clahe')],
      [person(0)],
      [person(1, 'filled')],
      [],
    ]);
    expect(rows).toEqual([
      { id: 0, statuses: '612266', frames: { 1: 1, 2: 2 } },
      { id: 1, statuses: '664036', frames: { 0: 1, 3: 1, 4: 1 } },
    ]);
  });

  test('says where each is first seen, and whether anybody was before', () => {
    const { sightings } = table([[], [person(1)], [person(0), person(1)]]);
    expect(sightings).toEqual([
      { personId: 0, x: 23.5, y: 50, at: 0.2, isFirst: false },
      { personId: 1, x: 123.5, y: 50, at: 0.1, isFirst: true },
    ]);
  });

  test('stays small in a crowd and in an hour: eight rows of two thousand bins, of each the worst', () => {
    const crowd = Array.from({ length: 20 }, (_, id) => person(id));
    const { rows } = table(Array.from({ length: 4000 }, (_, frame) => (frame === 999 ? [person(1)] : crowd)));
    expect(rows.length).toBe(8);
    expect(rows[0]!.statuses.length).toBe(2000);
    expect(rows[0]!.statuses.indexOf('0')).toBe(499);
    expect(rows[1]!.statuses).toMatch(/^2+$/);
  });
});

describe('what won poses', () => {
  test('is named by strategy', () => {
    const strategyUse = { original: 10, 'crop+clahe': 2, 'crop+clahe+heavy': 3, 'box+heavy': 1, box: 1, filled: 4 };
    expect(wonBy({ strategyUse })).toEqual({ poses: 21, byModel: 13, byRefiner: 4, inBoxes: 2, filled: 4 });
  });

  test('is what a paper cites: the person finder if it found a person', () => {
    expect(bibtexOf({ ...RECORD, strategyUse: { original: 3 } })).not.toContain('nanodet');
    expect(bibtexOf({ ...RECORD, strategyUse: { 'box+heavy': 1 } })).toContain('@misc{rangilyu2021nanodet');
    const hostile = bibtexOf({ ...RECORD, tool: { ...RECORD.tool, version: '1}, x={\\input{y}' } });
    expect(hostile).toContain('version = {1, x=inputy}');
  });
});
