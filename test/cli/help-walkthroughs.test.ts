import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { helpPage } from '../../src/cli/help-pages.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { IS_FULL } from '../support/full-tests.js';
import { codeBlocks } from '../support/markdown.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What readers have who type what the pages say: a video `walk.mp4`, here and in `clips/`, and its table. */
const folder = await temporaryFolder();
await mkdir(join(folder, 'clips'));
// Long enough for some steps.
const beginning = ['-i', join(SAMPLES, 'walk-across.mp4'), '-t', '3.5', '-c:v', 'libx264', '-crf', '16'];
await makeWithFfmpeg(beginning, join(folder, 'walk.mp4'));
await copyFile(join(folder, 'walk.mp4'), join(folder, 'clips', 'walk.mp4'));
const { code } = await runCli(['analyze', 'walk.mp4', '-o', '.', '--no-overlay', '-q'], { cwd: folder });

test('a video is analysed, of whose table the pages speak', () => expect(code).toBe(0));

const TOPICS: readonly (readonly [topic: string, made: readonly string[]])[] = [
  [
    'study',
    [
      'results/walk.filtered.csv',
      'results/walk.measures.csv',
      'results/walk.filtered.cycles.csv',
      'results/walk.report.html',
    ],
  ],
  ['signals', ['walk.filtered.csv', 'walk.motion.csv']],
  ['angles', ['bodyscript-out/walk.angles.csv', 'walk.filtered.angles.csv', 'walk.plots.png']],
  ['exports', ['bodyscript-out/walk.c3d', 'exports/walk.parquet', 'exports/walk.coco.json']],
  ['opensim', ['bodyscript-out/walk.filtered.opensim/person-0.trc']],
  ['quality', ['bodyscript-out/walk.quality.json', 'bodyscript-out/walk.report.html']],
  ['reports', ['results/walk.contact-sheet.jpg', 'results/walk.report.html', 'walk.filtered.report.html']],
];

/** The other pages have the longest analyses. */
const SHORT = ['signals', 'exports', 'opensim'];

test.each(TOPICS.filter(([topic]) => IS_FULL || SHORT.includes(topic)))(
  'the commands of "bodyscript help %s" run as they stand, one after the other',
  async (topic, made) => {
    const scripts = codeBlocks(helpPage(topic)).filter(({ language }) => language === 'sh');
    const commands = scripts.flatMap(({ code: lines }) => lines.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(1);
    for (const command of commands) {
      const { codes, stderr } = await runShell(command, folder);
      expect([command, codes, codes[0] === 0 ? '' : stderr]).toEqual([command, [0], '']);
    }
    const files = await readdir(folder, { recursive: true });
    expect(made.filter(file => !files.includes(file))).toEqual([]);
  },
);
