import { describe, expect, test } from 'vitest';
import { helpPage, helpTopics } from '../../src/cli/help-pages.js';
import { commandOf, markersIn, ownOptions, programFor, selectedOptions, withTables } from '../support/help-tables.js';

/** The options that a marker names, each with its command. */
async function optionsOf(marker: string): Promise<string[]> {
  const { command } = await commandOf((marker.split(': ')[0] ?? '').split(' '));
  return (await selectedOptions(marker)).map(({ flags }) => `${command.name()} ${flags}`);
}

/** The own options of all commands, each with its command. */
async function allOptions(): Promise<string[]> {
  const names = (await programFor([])).commands.map(command => command.name());
  const declared = await Promise.all(names.map(async name => (await commandOf([name])).command));
  const single = declared.flatMap(command => (command.commands.length > 0 ? command.commands : [command]));
  return single.flatMap(command => ownOptions(command).map(({ flags }) => `${command.name()} ${flags}`));
}

describe('the option tables of the help topics', () => {
  test.each(helpTopics())('those of %s are what "npm run help-tables" writes', async topic => {
    const page = helpPage(topic);
    expect(page).toBe(await withTables(page));
  });

  test('each option of each command is in one of them', async () => {
    const shown = new Set<string>();
    for (const marker of helpTopics().flatMap(topic => markersIn(helpPage(topic)))) {
      for (const line of await optionsOf(marker)) shown.add(line);
    }
    expect(shown.size).toBeGreaterThan(100);
    expect((await allOptions()).filter(line => !shown.has(line))).toEqual([]);
  });

  test('have no signs that Markdown would take for its own', () => {
    for (const topic of helpTopics())
      for (const [, table = ''] of helpPage(topic).matchAll(/<!-- options: .*? -->\n([\s\S]*?)<!-- end -->/g))
        expect(table.replaceAll(/`[^`]*`/g, '')).not.toMatch(/<|\*\*|__/);
  });

  test('a marker that names nothing is an error that says what there is', async () => {
    await expect(selectedOptions('analyze: Which colours')).rejects.toThrow(
      /no group "Which colours".*; its groups: \w/,
    );
    await expect(selectedOptions('analyze colour')).rejects.toThrow(/no option --colour/);
  });
});
