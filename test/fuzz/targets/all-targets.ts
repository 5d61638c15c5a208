import type { FuzzTarget } from '../fuzz-target.js';
import { checkpoints } from './checkpoints.js';
import { configurations } from './configurations.js';
import { containers } from './containers.js';
import { ledgers } from './ledgers.js';
import { names } from './names.js';
import { records } from './records.js';
import { tables } from './tables.js';

/** Every untrusted file that the program reads. */
export const TARGETS: readonly FuzzTarget[] = [
  containers,
  tables,
  records,
  configurations,
  checkpoints,
  ledgers,
  names,
];
