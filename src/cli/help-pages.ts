import { readdirSync, readFileSync } from 'node:fs';

/** The pages of `src/help/`, which the build copies. */
const FOLDER = new URL('../help/', import.meta.url);

/** Names of the topics that have a page, in alphabetical order. */
export function helpTopics(): string[] {
  return readdirSync(FOLDER)
    .filter(name => name.endsWith('.md') && name !== 'README.md')
    .map(name => name.slice(0, -'.md'.length))
    .sort();
}

/** A page, as it was written. */
export function helpPage(topic: string): string {
  return readFileSync(new URL(`${topic}.md`, FOLDER), 'utf8');
}

/** What a page is about, in one line: its first paragraph. */
export function helpSummary(topic: string): string {
  const [, summary = ''] = helpPage(topic).split(/\n\s*\n/);
  return summary
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}
