import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { trueTable } from '../support/true-table.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const FIRST = '#0b7a75';
const SECOND = '#b0348b';

let [monday, friday, squats] = ['', '', ''];

beforeAll(async () => {
  [monday, friday, squats] = await Promise.all([
    trueTable(folder, 'treadmill'),
    trueTable(folder, 'walk-across'),
    trueTable(folder, 'squat'),
  ]);
});

interface Panel {
  readonly title: string;
  /** Lines and bands of each run, by their numbers of points with a value. */
  readonly lines: readonly number[];
  readonly bands: number;
}

/** The content of a plot. */
async function readPlot(path: string) {
  const { document } = parseHTML(await readFile(path, 'utf8'));
  const texts = [...document.querySelectorAll('svg > text')].map(({ textContent }) => textContent ?? '');
  const drawings = [...document.querySelectorAll('svg > svg')];
  const panels = drawings.map((drawing): Panel => {
    const paths = [...drawing.querySelectorAll('[aria-label="line"] path')];
    const title = drawing.previousElementSibling?.textContent ?? '';
    const bands = drawing.querySelectorAll('[aria-label="area"] path').length;
    return { title, lines: paths.map(one => (one.getAttribute('d') ?? '').length), bands };
  });
  return { texts, panels, text: await readFile(path, 'utf8') };
}

/** The mean curves of angles over the strides of their side, as written by `bodyscript cycles`. */
async function curvesOf(table: string) {
  const stem = table.replace('.csv', '.own');
  await runCli(['cycles', table, '-o', stem, '--no-plots', '-q']);
  const [head = '', ...lines] = (await readFile(`${stem}.cycle-curves.csv`, 'utf8')).trimEnd().split('\n');
  const columns = head.split(',');
  const rows = lines.map(line => Object.fromEntries(line.split(',').map((cell, i) => [columns[i], cell])));
  return (side: string, angle: string) => {
    const own = rows.filter(row => row.side === side && row.angle === angle);
    return { means: own.map(row => Number(row.mean)), n: own[0]?.n };
  };
}

describe('bodyscript compare --plot', () => {
  test('two walks: mean curves of both with bands, counts, and their difference, equal to those of cycles', async () => {
    const { code, stdout, stderr } = await runCli(['compare', monday, friday, '--plot', at('walks.svg')]);
    expect([code, stdout, stderr]).toEqual([0, '', `${at('walks.svg')}\n`]);
    const { texts, panels, text } = await readPlot(at('walks.svg'));
    expect(texts).toContain('treadmill and walk-across');
    expect(texts).toContainEqual(expect.stringMatching(/^treadmill: \d+ strides of 1\.\d\d s$/));
    expect(texts).toContainEqual(expect.stringMatching(/^walk-across: \d+ strides of 1\.\d\d s$/));
    expect(text.match(new RegExp(`stroke="${FIRST}"`, 'g'))).toHaveLength(6);
    expect(text.match(new RegExp(`stroke="${SECOND}"`, 'g'))).toHaveLength(6);
    expect(panels).toHaveLength(12);
    const [ofMonday, ofFriday] = [await curvesOf(monday), await curvesOf(friday)];
    for (const joint of ['hip', 'knee', 'ankle']) {
      for (const side of ['left', 'right']) {
        const [a, b] = [ofMonday(side, `${side}_${joint}`), ofFriday(side, `${side}_${joint}`)];
        const title = `${side} ${joint}, degrees (2D, image plane): mean and SD of ${a.n} and ${b.n} strides`;
        const found = panels.findIndex(panel => panel.title === title);
        expect([title, panels[found]?.lines.length, panels[found]?.bands]).toEqual([title, 2, 2]);
        const off = a.means.map((mean, i) => b.means[i]! - mean);
        const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
        const largest = off.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
        const [, reported, most] =
          /mean ([-+][\d.]+), largest ([-+][\d.]+) at/.exec(panels[found + 1]?.title ?? '') ?? [];
        expect([Number(reported), Number(most)]).toEqual([expect.closeTo(mean, 0), expect.closeTo(largest, 0)]);
        expect(Math.abs(Number(reported) - mean) + Math.abs(Number(most) - largest)).toBeLessThan(0.13);
      }
    }
  });

  test('repetitions of one angle; a table and itself do not differ, which is not a judgement', async () => {
    expect((await runCli(['compare', squats, squats, '--plot', at('same.svg'), '-q'])).code).toBe(0);
    const { texts, panels } = await readPlot(at('same.svg'));
    expect(texts.filter(text => /^squat \([12]\): 2 repetitions of \d\.\d\d s$/.test(text))).toHaveLength(2);
    const differences = panels.filter(({ title }) => title.startsWith('squat (2) less squat (1): '));
    expect(differences.length).toBeGreaterThan(3);
    for (const { title } of differences) expect(title).toContain('mean +0.0, largest +0.0');
  });

  test('without shared cycles: over the seconds since each began, and a warning says why', async () => {
    const [head, ...rows] = (await readFile(squats, 'utf8')).trimEnd().split('\n');
    const later = rows.map(row => row.replace(/^(\d+),([\d.]+)/, (_, id, time) => `${id},${Number(time) + 1000}`));
    await writeFile(at('later.csv'), [head, ...later, ''].join('\n'));
    const { code, stderr } = await runCli(['compare', monday, at('later.csv'), '--plot', at('time.svg')]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: .*plotted over time: .*later\.csv: person 0 does not walk.*looked for: steps/);
    const { texts, panels } = await readPlot(at('time.svg'));
    expect(texts).toContain('seconds from the first frame of each');
    expect(panels[0]).toMatchObject({
      title: 'left knee, degrees (2D, image plane)',
      lines: [expect.any(Number), expect.any(Number)],
    });
    expect(Math.min(...(panels[0]?.lines ?? []))).toBeGreaterThan(500);
    expect(panels[1]?.title).toMatch(/^later less treadmill: mean [-+][\d.]+, largest [-+][\d.]+ at [0-4]\.\d\d s$/);
    expect(panels[1]?.lines[0]).toBeGreaterThan(500); // Both are known at the same moments.
  });

  test('names of tables are only names', async () => {
    const name = join(folder, `a&b"'<script>alert(1)<`, 'script>.csv');
    await mkdir(dirname(name), { recursive: true });
    await writeFile(name, await readFile(monday));
    const acting = at(`${'long-'.repeat(20)}\u202e\u0007.csv`);
    await writeFile(acting, await readFile(friday));
    expect((await runCli(['compare', name, acting, '--plot', at('odd.svg'), '-q'])).code).toBe(0);
    const { text, panels } = await readPlot(at('odd.svg'));
    expect(panels).toHaveLength(12);
    expect(text).not.toMatch(/<script/);
    expect(text).toContain('script&gt;');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no XML may hold them
    expect(text).not.toMatch(/[\u0000-\u0008\u202e]/);
    expect(text).toContain('...');
    expect(text).not.toContain('long-'.repeat(8));
  });

  test('a PNG by its suffix; its own SVG is replaced, any other file only with --overwrite', async () => {
    const plot = (to: string, ...more: string[]) =>
      runCli(['compare', monday, friday, '--plot', at(to), '-q', ...more]);
    expect((await plot('own.png')).code).toBe(0);
    expect([...(await readFile(at('own.png'))).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect((await plot('own.png')).code).toBe(1);
    expect((await plot('own.png', '--overwrite')).code).toBe(0);
    expect([(await plot('own.svg')).code, (await plot('own.svg')).code]).toEqual([0, 0]);
    await writeFile(at('mine.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    expect((await plot('mine.svg')).code).toBe(1);
    expect((await readFile(at('mine.svg'), 'utf8')).length).toBeLessThan(50);
    const wrong = await plot('plot.pdf');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('must be a file name ending in .svg or .png'),
    ]);
  });

  test('files that do not exist, folders, and tables without people are errors', async () => {
    const plot = (a: string, b: string) => runCli(['compare', a, b, '--plot', at('none.svg')]);
    expect((await plot(monday, at('none.csv'))).code).toBe(1);
    expect((await plot(folder, folder)).code).toBe(1);
    const [head] = (await readFile(monday, 'utf8')).split('\n');
    await writeFile(at('empty.csv'), `${head}\n`);
    const nobody = await plot(at('empty.csv'), at('empty.csv'));
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('neither has a joint angle')]);
    const update = await runCli(['compare', monday, friday, '--plot', at('none.svg'), '--update']);
    expect([update.code, update.stderr]).toEqual([2, expect.stringContaining('--plot does not judge')]);
    expect((await plot(monday, at('empty.csv'))).code).toBe(0); // One of them is drawn.
  });
});
