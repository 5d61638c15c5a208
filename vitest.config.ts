import { defineConfig } from 'vitest/config';
import { IS_FULL } from './test/support/is-full.js';
import { ALONE, matrixFiles, testFiles } from './test/support/test-files.js';

/** `npm run test:full` runs the files with a part of the slow matrix, `npm test` all. */
const files = IS_FULL ? matrixFiles() : testFiles();

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'two at a time',
          include: files.filter(file => !ALONE.includes(file)),
          // Most of a test is the start of a program, which keeps one core busy.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: files.filter(file => ALONE.includes(file)),
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
