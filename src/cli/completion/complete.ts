import { readFileSync } from 'node:fs';
import type { Candidates } from './candidates.js';
import { findCandidates } from './candidates.js';
import type { CompletedCommand, Paths } from './catalogue.js';
import { splitLine } from './split-line.js';

/** The directives of Cobra, the Go library, which scripts for several shells understand. */
const DIRECTIVES: Readonly<Record<Paths, number>> = { files: 0, none: 4, folders: 16 };

/**
 * `bodyscript complete -- WORD...`, or `--line LINE` from bash: what the scripts of the shells ask at each tab. It
 * loads a list that the build wrote and nothing else, and takes little longer than Node's own start.
 * @param asked what follows `complete`
 * @returns a candidate on each line, with its description after a tab, and the directive on the last line
 */
export function answer(asked: readonly string[]): string {
  const { words, paths } = candidatesOf(asked);
  const lines = words.map(({ word, help }) => (help === '' ? word : `${word}\t${help}`));
  return `${[...lines, `:${DIRECTIVES[paths]}`].join('\n')}\n`;
}

function candidatesOf([how, ...given]: readonly string[]): Candidates {
  if (how !== '--line') return findCandidates(catalogue(), given);
  const { words, isRedirection } = splitLine(given[0] ?? '');
  return isRedirection ? { words: [], paths: 'files' } : findCandidates(catalogue(), words.slice(1));
}

function catalogue(): CompletedCommand {
  return JSON.parse(readFileSync(new URL('catalogue.json', import.meta.url), 'utf8')) as CompletedCommand;
}
