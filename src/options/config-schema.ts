import * as z from '#zod';
import { ANALYZE } from './analyze-table.js';
import { COMPARE } from './compare-table.js';
import { FILTER } from './filter-table.js';
import { GENERAL } from './general-table.js';
import { configSchema } from './option.js';

/** `bodyscript.config.json`. */
export const CONFIG_SCHEMA = z.strictObject({
  $schema: z.optional(z.string()),
  analyze: z.optional(configSchema({ ...ANALYZE, ...GENERAL })),
  compare: z.optional(configSchema({ ...COMPARE, ...GENERAL })),
  filter: z.optional(configSchema({ ...FILTER, ...GENERAL })),
});
