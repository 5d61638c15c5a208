import { existsSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { chromium } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { BinnedSeries } from '../../../src/outputs/plots/binned-series.js';
import { drawPlots } from '../../../src/outputs/plots/draw-plots.js';
import { ANGLE_CHANNELS, PERSON_CHANNELS, PERSON_WIDTH } from '../../../src/outputs/plots/plot-series.js';
import { rasterize } from '../../../src/outputs/plots/plot-sheet.js';
import { statusSpans } from '../../../src/outputs/plots/status-spans.js';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const FRAMES = 40;

/** A person by a letter for each frame: d newly detected, f tracked, r found on retry, i filled; else no pose. */
function person(frames: string, degrees = (frame: number) => 2 * frame): BinnedSeries {
  const series = new BinnedSeries(PERSON_WIDTH, 64);
  for (const [frame, letter] of [...frames].entries()) {
    const { present, detected, retried, filled, score } = PERSON_CHANNELS;
    const values = new Array<number | undefined>(PERSON_WIDTH).fill(undefined);
    values[present] = Number('dfri'.includes(letter));
    if (values[present] === 1) {
      values.fill(degrees(frame), 0, ANGLE_CHANNELS.length);
      for (const [channel, own] of [
        [detected, 'd'],
        [retried, 'r'],
        [filled, 'i'],
      ] as const)
        values[channel] = Number(letter === own);
      values[score] = 0.9;
    }
    series.add(values);
  }
  return series;
}

function drawn(people: Record<number, BinnedSeries>, peopleInAll = Object.keys(people).length): string {
  const times = new BinnedSeries(1, 64);
  for (let frame = 0; frame < FRAMES; frame++) times.add([frame / 10]);
  const byId = new Map(Object.entries(people).map(([id, series]) => [Number(id), series]));
  return drawPlots({ title: 'walk', frames: FRAMES, times, people: byId, peopleInAll });
}

const legendOf = (svg: string) => [...svg.split('\n')[5]!.matchAll(/<text[^>]*>([^<]*)</g)].map(([, name]) => name);
const titlesOf = (svg: string) => [...svg.matchAll(/font-weight="bold">([^<]*)</g)].map(([, title]) => title);

const ALL = `d${'f'.repeat(FRAMES - 1)}`;
const LATE = `${'-'.repeat(10)}d${'f'.repeat(9)}${'-'.repeat(5)}rri${'f'.repeat(7)}${'-'.repeat(5)}`;

describe('plots of a table', () => {
  test('a person is absent before the first pose and after the last, and missing between', () => {
    const times = [...LATE].map((_, frame) => frame / 10);
    const spans = statusSpans(person(LATE), times).map(({ status, from, to }) => [status, from, to]);
    expect(spans).toEqual([
      ['absent', 0, 1],
      ['detected', 1, 1.1],
      ['tracked', 1.1, 2],
      ['missing', 2, 2.5],
      ['retried', 2.5, 2.7],
      ['filled', 2.7, 2.8],
      ['tracked', 2.8, 3.5],
      ['absent', 3.5, 3.9],
    ]);
  });

  test('a pose without neighbours is a dot, since a line of one point is not seen', () => {
    const dots = (svg: string) => svg.match(/<circle /g)?.length ?? 0;
    const lone = `${'-'.repeat(10)}d${'-'.repeat(FRAMES - 11)}`;
    // The score, and the angles of both sides of each joint.
    const panels = titlesOf(drawn({ 0: person(lone) })).length - 2;
    expect(panels).toBeGreaterThan(3);
    expect(dots(drawn({ 0: person(lone) }))).toBe(1 + 2 * panels);
    expect(dots(drawn({ 0: person(ALL) }))).toBe(0);
  });

  test('the legend has only what the plots show', () => {
    expect(legendOf(drawn({ 0: person(ALL) }))).toEqual(['left side', 'right side', 'tracked', 'newly detected']);
    expect(legendOf(drawn({ 0: person(ALL), 3: person(LATE) }))).toEqual([
      'person 0',
      'person 3',
      'left side',
      'right side',
      'tracked',
      'newly detected',
      'found on retry',
      'filled between neighbours',
      'missing',
      'absent',
    ]);
    expect(legendOf(drawn({}))).toEqual(['missing']);
  });

  test('each person has a row of statuses, and each joint one chart for left and right with its unit', () => {
    const svg = drawn({ 0: person(ALL), 3: person(LATE) }, 6);
    expect(titlesOf(svg).slice(0, 3)).toEqual([
      'score of each person, from 0 to 1',
      'status of each person',
      'person 0: knee, degrees (2D, image plane)',
    ]);
    expect(titlesOf(svg)).toHaveLength(2 + 2 * 4);
    expect(svg).toContain('>40 frames, the first 2 of 6 people</text>');
    expect(svg).toMatch(/>50°<\/text>/);
    expect(svg).toMatch(/>1 s<\/text>/);
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  test('times without a pose are grey in the charts of that person alone', () => {
    const grey = (svg: string) => svg.match(/<g fill="#eceef1"/g)?.length ?? 0;
    expect(grey(drawn({ 0: person(ALL), 3: person(LATE) }))).toBe(4);
    expect(grey(drawn({ 3: person(LATE) }))).toBe(5); // And in the score, which is that person's alone then.
    expect(grey(drawn({ 0: person(ALL) }))).toBe(0);
  });

  test('an angle that hardly changes does not fill the chart', () => {
    expect(drawn({ 0: person(ALL, frame => 0.01 * frame) })).toMatch(/>20°<\/text>/);
  });

  test('the PNG is opaque, and its grid is pale', async () => {
    const image = await loadImage(await rasterize(drawn({ 0: person(ALL) }), '--plots'));
    const context = createCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let opaque = 0;
    for (let at = 3; at < data.length; at += 4) opaque += Number(data[at] === 255);
    expect(opaque).toBe(data.length / 4);
    // The grid's line at a score of 0.5, which no curve crosses; #e3e5e9.
    const column = context.getImageData(600, 230, 1, 40).data;
    const darkest = Math.min(...column.filter((_, i) => i % 4 === 0));
    expect([darkest > 220, darkest < 250]).toEqual([true, true]);
  });

  test.skipIf(!BROWSER)('by night a browser shows it dark', async () => {
    const browser = await chromium.launch({ executablePath: BROWSER!, args: ['--no-sandbox'] });
    try {
      const grounds = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await (await browser.newContext({ colorScheme })).newPage();
        await page.setContent(drawn({ 0: person(ALL) }));
        grounds.push(await page.evaluate(`getComputedStyle(document.querySelector('.ground')).fill`));
      }
      expect(grounds).toEqual(['rgb(255, 255, 255)', 'rgb(21, 23, 27)']);
    } finally {
      await browser.close();
    }
  });
});
