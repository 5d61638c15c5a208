/**
 * Part of `npm run build`: writes the JSON Schemas that the package ships, from the schemas with which the program
 * validates.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import * as z from '#zod';
import { FRAME_SCHEMA } from '../formats/ndjson-schema.js';
import { CONFIG_SCHEMA } from './config-schema.js';

const SCHEMAS = {
  'config.schema.json': { title: 'bodyscript.config.json', schema: CONFIG_SCHEMA },
  'frame.schema.json': { title: 'A line of bodyscript --ndjson', schema: FRAME_SCHEMA },
};

/** The folder that configuration files and help topics name. */
const FOLDER = new URL('../schemas/', import.meta.url);

await mkdir(FOLDER, { recursive: true });
for (const [name, { title, schema }] of Object.entries(SCHEMAS)) {
  const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  await writeFile(new URL(name, FOLDER), `${JSON.stringify({ title, ...json }, null, 2)}\n`);
}
