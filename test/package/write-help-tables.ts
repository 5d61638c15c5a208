/** `npm run help-tables`: writes the tables of options and errors into the pages of `src/help/`, as declared. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { helpTopics } from '../../src/cli/help-pages.js';
import { withTables } from '../support/help-tables.js';

for (const topic of helpTopics()) {
  const file = fileURLToPath(new URL(`../../src/help/${topic}.md`, import.meta.url));
  await writeFile(file, await withTables(await readFile(file, 'utf8')));
}
