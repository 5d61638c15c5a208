import { expect, test } from 'vitest';
import { IS_FULL } from '../support/full-tests.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { fuzz } from './fuzz.js';
import { TARGETS } from './targets/all-targets.js';

/** Share of the inputs of `npm run fuzz`; the seed differs from its own. */
const SHARE = IS_FULL ? 0.03 : 0.005;
const SEED = 2026;
const MOST_SECONDS = IS_FULL ? 1200 : 300;

test(
  'damaged and hostile inputs of every kind end in a known way, and leave nothing outside of the output folder',
  async () => {
    const folder = await temporaryFolder();
    const results = await fuzz({ seed: SEED, only: undefined, share: SHARE, folder, keepIn: undefined, atOnce: 2 });
    expect(results.flatMap(({ findings }) => findings)).toEqual([]);
    expect(results.map(({ target }) => target)).toEqual(TARGETS.map(({ name }) => name));
    for (const { inputs } of results) expect(inputs).toBeGreaterThan(0);
  },
  MOST_SECONDS * 1000,
);
