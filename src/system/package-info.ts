import { createRequire } from 'node:module';

/** Name and version of this program, from its package.json. */
export const PACKAGE = createRequire(import.meta.url)('../../package.json') as {
  readonly name: string;
  readonly version: string;
};
