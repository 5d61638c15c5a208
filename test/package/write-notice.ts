/** `npm run notice`: rewrites the list of packages in NOTICE. */
import { readFile, writeFile } from 'node:fs/promises';
import { NOTICE_FILE, noticeLines, productionPackages, withLines } from '../support/licences.js';

const lines = noticeLines(await productionPackages());
await writeFile(NOTICE_FILE, withLines(await readFile(NOTICE_FILE, 'utf8'), lines));
