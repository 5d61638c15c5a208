import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cost, startTimed } from '../timed-run.js';

const BIN = fileURLToPath(new URL('../../../bin/bodyscript.js', import.meta.url));

/** Options of a way in short form: `track --model heavy` means `--mode track --model heavy`. */
export function optionsOf(way: string): string[] {
  const words = way.trim().split(/\s+/);
  return words[0]?.startsWith('-') ? words : ['--mode', ...words];
}

/** Analyses an input with the built command line and writes `CSV_NAME.csv` into the folder. */
export async function runAnalysis(
  input: string,
  options: readonly string[],
  folder: string,
  csvName: string,
): Promise<Cost & { csv: string }> {
  const csv = join(folder, `${csvName}.csv`);
  const args = [
    'analyze',
    input,
    '--csv',
    csv,
    '-o',
    folder,
    '--no-overlay',
    '--overwrite',
    '--force',
    '-q',
    ...options,
  ];
  const cost = await startTimed([process.execPath, BIN, ...args]).finished;
  return { csv, ...cost };
}
