import { withoutSecrets } from './url.js';
import { visible } from './visible.js';

/** One line, or several. */
export type Lines = string | readonly string[];

/**
 * What a terminal may get: each line by itself, so that a name cannot end one. Control characters are spelled out
 * (`\x1b`, `\n`), addresses lose what could be secret. Our own colours are put around it afterwards.
 */
export function forTerminal(lines: Lines): string {
  const list = typeof lines === 'string' ? [lines] : lines;
  return list.map(line => visible(withoutSecrets(line))).join('\n');
}
