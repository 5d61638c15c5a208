import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { helpPage } from '../../src/cli/help-pages.js';
import { blockOf } from '../support/markdown.js';
import { pythonWith } from '../support/readers.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const FRAMES = 5;
const folder = await temporaryFolder();
/** The recipes of `bodyscript help csv`, by language. */
const recipe = (language: string) => blockOf(helpPage('csv'), language);

/** The first of some programs that can run a line of code. */
function findProgram(programs: readonly string[], flag: string, code: string): string | undefined {
  return programs.find(program => {
    try {
      execFileSync(program, [flag, code], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

const PYTHON = pythonWith('pandas');
const R = findProgram(['Rscript'], '-e', 'q()');
const { code } = await runCli([
  'analyze',
  join(SAMPLES, 'squat.mp4'),
  '-o',
  join(folder, 'results'),
  '--max-frames',
  String(FRAMES),
  '--no-overlay',
  '-q',
]);
const table = `results/squat.csv`;
const named = (text: string) => text.replaceAll('results/walk.csv', table);

test('the table exists', () => expect(code).toBe(0));

test.skipIf(!PYTHON)('the recipe for pandas gives the knees, one row for each frame', async () => {
  const script = `${named(recipe('python'))}\nprint(knees.shape, *knees.columns.get_level_values(1).unique())`;
  const { stdout } = await run(PYTHON!, ['-c', script], { cwd: folder });
  expect(stdout.trim()).toBe(`(${FRAMES}, 4) left_knee right_knee`);
});

test.skipIf(!R)('the recipe for R gives the same', async () => {
  const { stdout } = await run(R!, ['-e', `${named(recipe('r'))}\ncat(dim(knees), colnames(knees)[3])`], {
    cwd: folder,
  });
  expect(stdout.trim()).toBe(`${FRAMES} 6 x_px.left_knee`);
});

test('the recipe for DuckDB gives the same', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const sql = named(recipe('sql')).replaceAll(table, join(folder, table));
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  expect(rows).toHaveLength(FRAMES);
  expect(Object.keys(rows[0] ?? {})).toEqual(['timestamp', 'person_id', 'left_knee', 'right_knee']);
});
