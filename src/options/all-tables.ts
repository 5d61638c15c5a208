import { ANALYZE } from './analyze-table.js';
import { COMPARE } from './compare-table.js';
import { CYCLES } from './cycles-table.js';
import { FILTER } from './filter-table.js';
import { GENERAL } from './general-table.js';
import { MEASURE } from './measure-table.js';
import { RENDER } from './render-table.js';

/** All commands and their tables of options. */
export const ALL_TABLES = [ANALYZE, COMPARE, FILTER, CYCLES, MEASURE, RENDER, GENERAL] as const;
