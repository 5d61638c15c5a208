import { readdirSync, readFileSync } from 'node:fs';

/** The same path from `src/cli/` and `dist/cli/`: the package holds the pages once, where README.md links to them. */
const FOLDER = new URL('../../src/help/', import.meta.url);
/** A table of options and its title, which `npm run help-tables` writes from the options' declarations. */
const OPTION_TABLE = /(?:^## Options.*\n\n)?^<!-- options: .*? -->\n[\s\S]*?^<!-- end -->\n*/gm;

/** Names of all topics, in alphabetical order. */
export function helpTopics(): string[] {
  return readdirSync(FOLDER)
    .filter(name => name.endsWith('.md') && name !== 'README.md')
    .map(name => name.slice(0, -'.md'.length))
    .sort();
}

/** The Markdown of a topic's page. */
export function helpPage(topic: string): string {
  return readFileSync(new URL(`${topic}.md`, FOLDER), 'utf8');
}

/** A page without its tables of options, since the command's own help lists them. */
export function withoutOptions(page: string): string {
  return page.replaceAll(OPTION_TABLE, '');
}

/** Describes a topic in one line: the first paragraph of its page. */
export function helpSummary(topic: string): string {
  const [, summary = ''] = helpPage(topic).split(/\n\s*\n/);
  return summary
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}
