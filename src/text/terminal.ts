import { withoutSecrets } from './url.js';
import { visible } from './visible.js';

/** One line, or several. */
export type Lines = string | readonly string[];

/**
 * Text that is safe for a terminal: each line separately, so that a name cannot end one. Control characters are spelled
 * out (`\x1b`, `
 * `), addresses lose possible secrets. Our own colours are added afterwards.
 */
export function forTerminal(lines: Lines): string {
  const list = typeof lines === 'string' ? [lines] : lines;
  return list.map(line => visible(withoutSecrets(line))).join('\n');
}
