import { expect, test } from 'vitest';
import { pairNames } from '../../src/compare/pair-names.js';

const COMPOSED = 'Jos\u00e9.csv';
const DECOMPOSED = 'Jose\u0301.csv';

test('equal names are pairs; others are lost or added', () => {
  expect(pairNames(['a', 'b'], ['b', 'c'])).toEqual({ pairs: [['b', 'b']], lost: ['a'], added: ['c'] });
});

test('a name with differently encoded letters is paired if each side has one', () => {
  expect(pairNames([COMPOSED], [DECOMPOSED])).toEqual({ pairs: [[COMPOSED, DECOMPOSED]], lost: [], added: [] });
  expect(pairNames(['a', DECOMPOSED], ['a', COMPOSED]).pairs).toEqual([
    ['a', 'a'],
    [DECOMPOSED, COMPOSED],
  ]);
});

test('if one side has both forms, only equal ones are pairs', () => {
  const both = [COMPOSED, DECOMPOSED];
  expect(pairNames(both, both).pairs).toEqual(both.map(name => [name, name]));
  expect(pairNames(both, [DECOMPOSED])).toEqual({
    pairs: [[DECOMPOSED, DECOMPOSED]],
    lost: [COMPOSED],
    added: [],
  });
  expect(pairNames([DECOMPOSED], both)).toEqual({ pairs: [[DECOMPOSED, DECOMPOSED]], lost: [], added: [COMPOSED] });
});
