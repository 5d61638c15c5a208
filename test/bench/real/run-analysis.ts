import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../bin/bodyscript.js', import.meta.url));
/** Bash tells the time of all processes that it has waited for, and that they have waited for: user, system, on the clock. */
const TIMED = `TIMEFORMAT='%U %S %R'; time "$@"`;

/** What a run took, of all its processes together. */
export interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export const NO_COST: Cost = { cpuSeconds: 0, wallSeconds: 0 };

export function addCosts(a: Cost, b: Cost): Cost {
  return { cpuSeconds: a.cpuSeconds + b.cpuSeconds, wallSeconds: a.wallSeconds + b.wallSeconds };
}

/** Options of a way as one writes them: `track --model heavy` means `--mode track --model heavy`. */
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
  const child = spawn('bash', ['-c', TIMED, 'bash', process.execPath, BIN, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', text => {
    stderr += text;
  });
  const code = await new Promise(resolve => child.on('close', resolve));
  if (code !== 0) throw new Error(`bodyscript ${args.join(' ')} ended with ${code}:\n${stderr}`);
  const [user = 0, system = 0, wallSeconds = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { csv, cpuSeconds: user + system, wallSeconds };
}
