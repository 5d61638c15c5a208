import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** One line of a bench: the quantity, the figure, and its bar. */
export interface BenchRow {
  readonly what: string;
  readonly figure: string;
  readonly bar: string;
  readonly reached: boolean;
  /** The numbers behind the figure. */
  readonly data: object;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

/** Prints the rows as a table and writes them, with their data, to `test/bench/results/NAME.json`. */
export function reportBench(name: string, rows: readonly BenchRow[]): void {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, at: new Date().toISOString() };
  const folder = fileURLToPath(new URL('./results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  const lines = rows.map(row => `| ${row.what} | ${row.figure} | ${row.bar} | ${row.reached ? 'yes' : 'NO'} |`);
  process.stdout.write(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n\n`);
  process.stdout.write(`| what | figure | bar | reached |\n|---|---|---|---|\n${lines.join('\n')}\n\n`);
}
