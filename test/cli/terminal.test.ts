import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAST, makeClips } from '../support/batch-runs.js';
import { firstOf, fullTest } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { HAS_TMUX, TerminalWindow } from '../support/terminal-window.js';

const folder = await temporaryFolder();
const WIDE = '歩行の記録 二〇二六年 👩‍🔬🏃 ';
const LONG = 'patient-017-follow-up-visit-overground-walking-barefoot-comfortable-speed-camera-left-take-02';
/** Every line that a command may leave. */
const LASTING = [
  /^(done {4}|skipped|failed {2}|interrupted) \S/,
  /^(warning|error): /,
  /^\d+ videos?: /,
  /^.*\.mp4: done$/,
  /^ {22}\S/,
  /^ {2}(frames|poses|lowest scores?|found on retry|swaps|warnings|time|time per stage \(s\)|peak memory|written|skipped|failed|retry|continue) {2,}\S/,
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
const COLOUR = /\u001b\[3[123]m/;
const FRAGMENT = /[█░]|\d left\b|\d+\/\d+ frames/;

/** The lines are those of an end, and no part of a progress line is among them. */
function expectNoResidue(lines: readonly string[]): void {
  expect(lines.filter(line => !LASTING.some(pattern => pattern.test(line)))).toEqual([]);
  expect(lines.filter(line => FRAGMENT.test(line))).toEqual([]);
}

describe.skipIf(!HAS_TMUX)('in a terminal', () => {
  let clips = '';
  beforeAll(async () => {
    clips = await makeClips(folder, 'clips', 2, 2);
    await copyFile(join(clips, 'clip-00.mp4'), join(clips, `${WIDE}.mp4`));
    await copyFile(join(clips, 'clip-00.mp4'), join(clips, `${LONG}.mp4`));
    await writeFile(join(clips, 'empty.mp4'), '');
    await mkdir(join(folder, 'one'));
    await copyFile(join(SAMPLES, 'wave.mp4'), join(folder, 'one', `${WIDE}${LONG}.mp4`));
  });

  const batches: readonly (readonly [columns: number, lanes: string])[] = [
    [20, '1'],
    [80, '2'],
    [40, '3'],
    [132, '3'],
    [200, '1'],
  ];
  test.each(firstOf(batches, 2))(
    '%i columns: the progress of a batch fits, and leaves nothing behind; %s at a time',
    async (columns, lanes) => {
      using window = new TerminalWindow(columns, 24, folder);
      window.start('analyze', 'clips', '-o', `out-${columns}`, '--jobs', lanes, ...FAST);
      const rows = await window.shows(/[█░]| \d+ %|\d+ of 5 videos/);
      expect(rows.filter(row => row.trim() !== '').length).toBeLessThanOrEqual(24);
      const { code, lines } = await window.ended();
      expect(code).toBe(3);
      expectNoResidue(lines);
      expect(lines.filter(line => line.startsWith('done'))).toHaveLength(4);
      expect(lines.filter(line => line.startsWith('failed'))).toEqual([expect.stringContaining('empty.mp4')]);
      expect(lines.filter(line => line.includes(LONG))).toHaveLength(1);
    },
  );

  test.each(firstOf([40, 20, 80, 132, 200], 1))('%i columns: neither does that of one video', async columns => {
    using window = new TerminalWindow(columns, 24, folder);
    window.start('analyze', `one/${WIDE}${LONG}.mp4`, '-o', `one-${columns}`, ...FAST);
    const rows = await window.shows(/[█░]| \d+ %/);
    expect(rows.filter(row => row.trim() !== '')).toHaveLength(1);
    const { code, lines } = await window.ended();
    expect(code).toBe(0);
    expectNoResidue(lines);
  });

  const changes: readonly (readonly [widths: readonly number[], how: string])[] = [
    [[60, 140, 70, 97, 50, 80], 'to and fro'],
    [[30], 'narrower'],
    [[150], 'wider'],
  ];
  test.each(firstOf(changes, 1))('a window that is made %j columns wide keeps no part of a line (%s)', async widths => {
    using window = new TerminalWindow(80, 24, folder);
    const one = `one/${WIDE}${LONG}.mp4`;
    // Where lines become several rows at once, tmux pushes the first ones into its history, where nothing erases them.
    window.startBelow(
      30,
      'analyze',
      one,
      join(SAMPLES, 'squat.mp4'),
      '-o',
      `resized-${widths.length}-${widths[0]}`,
      '--force',
    );
    await window.shows(/[█░]/);
    for (const columns of widths) {
      window.resize(columns, 24);
      await sleep(300);
      expect(window.screen.filter(row => /of 2 videos/.test(row)).length).toBeLessThanOrEqual(1);
    }
    const { code, lines } = await window.ended();
    expect(code).toBe(0);
    expectNoResidue(lines);
  });

  fullTest('a window that is lower than the lines of progress shows those that fit', async () => {
    using window = new TerminalWindow(80, 3, folder);
    window.start('analyze', 'clips', '-o', 'low', '--jobs', '4', ...FAST);
    await window.shows(/\d+ of 5 videos/);
    window.resize(80, 2);
    const { code, lines } = await window.ended();
    expect(code).toBe(3);
    expectNoResidue(lines);
  });

  test('after Ctrl+C only what was said stays', async () => {
    using window = new TerminalWindow(60, 24, folder);
    window.start(
      'analyze',
      join(SAMPLES, 'wave.mp4'),
      join(SAMPLES, 'squat.mp4'),
      '-o',
      'stopped',
      '--mode',
      'quality',
    );
    await window.shows(/[█░].* [1-9]\d* %|[█]/);
    window.keys('C-c');
    const { code, lines } = await window.ended();
    expect(code).toBe(130);
    expectNoResidue(lines);
  });

  fullTest('Ctrl+Z leaves a clean screen, and fg shows the progress again', async () => {
    using window = new TerminalWindow(60, 24, folder);
    window.start('analyze', join(SAMPLES, 'wave.mp4'), '-o', 'paused', '--no-overlay');
    await window.shows(/█/);
    window.keys('C-z');
    const stopped = await window.shows(/Stopped/);
    expect(stopped.filter(row => FRAGMENT.test(row))).toEqual([]);
    window.keys('fg', 'Enter');
    await window.shows(/█/);
    for (const end = Date.now() + 60_000; Date.now() < end && !window.lines.some(line => /peak memory/.test(line)); ) {
      await sleep(200);
    }
    expect(window.lines.filter(line => /\d+ frames\/s {2}|█/.test(line))).toEqual([]);
  });

  test('a table on the same terminal is not mixed with progress', async () => {
    using window = new TerminalWindow(400, 24, folder);
    window.start('analyze', join(SAMPLES, 'wave.mp4'), '--csv', '-', '--max-frames', '6', ...FAST);
    const { code, lines } = await window.ended();
    expect(code).toBe(0);
    const table = lines.filter(line => line.includes(','));
    expect(lines.filter(line => /[█░]/.test(line))).toEqual([]);
    expect(table.filter(line => /^\d+,/.test(line)).length).toBeGreaterThanOrEqual(6 * 33);
  });

  test('TERM=dumb gets no escape sequence', async () => {
    using window = new TerminalWindow(300, 24, folder, { TERM: 'dumb' });
    window.start('analyze', 'clips', '-o', 'dumb', ...FAST);
    const { lines } = await window.ended();
    // A line every ten seconds, which a quick machine never writes.
    expectNoResidue(lines.filter(line => !/^\d of 5 videos, /.test(line)));
    expect(window.coloured).not.toMatch(COLOUR);
  });

  test('the status of each video has its colour: green, yellow, red; NO_COLOR has none', async () => {
    using window = new TerminalWindow(300, 40, folder);
    window.start('analyze', 'clips/clip-00.mp4', 'clips/clip-01.mp4', '-o', 'colours', ...FAST);
    await window.ended();
    window.start('analyze', 'clips', '-o', 'colours', ...FAST);
    await window.ended();
    expect(window.coloured).toContain(`\u001b[32mdone`);
    expect(window.coloured).toContain(`\u001b[33mskipped`);
    expect(window.coloured).toContain(`\u001b[31mfailed`);
    using plain = new TerminalWindow(300, 40, folder, { NO_COLOR: '1' });
    plain.start('analyze', 'clips', '-o', 'colours', ...FAST);
    await plain.ended();
    expect(plain.coloured).not.toMatch(COLOUR);
  });
});
