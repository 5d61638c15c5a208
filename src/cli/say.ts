import { spelledJson } from '../text/json.js';
import { forTerminal, type Lines } from '../text/terminal.js';

/** Tells people something on stdout: each line by itself, nothing in it acts on the terminal. */
export function say(lines: Lines): void {
  process.stdout.write(`${forTerminal(lines)}\n`);
}

/** Tells programs something on stdout. */
export function sayJson(value: unknown, indent?: number): void {
  process.stdout.write(`${spelledJson(value, indent)}\n`);
}
