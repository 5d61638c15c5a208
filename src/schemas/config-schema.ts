import * as z from '#zod';
import { ANALYZE } from '../options/analyze-table.js';
import { COMPARE } from '../options/compare-table.js';
import { FILTER } from '../options/filter-table.js';
import { GENERAL } from '../options/general-table.js';
import { configSchema } from '../options/option.js';

/** `bodyscript.config.json`. */
export const CONFIG_SCHEMA = z.strictObject({
  $schema: z.optional(z.string()),
  analyze: z.optional(configSchema({ ...ANALYZE, ...GENERAL })),
  compare: z.optional(configSchema({ ...COMPARE, ...GENERAL })),
  filter: z.optional(configSchema({ ...FILTER, ...GENERAL })),
});
