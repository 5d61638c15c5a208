import { describe, expect, test } from 'vitest';
import { findPhrases } from '../.build/prose/find-phrases.js';
import { RULES } from '../.build/prose/rules.js';

describe('the prose check', () => {
  test.each(RULES.map(rule => [rule.phrase, rule] as const))('fires at: %s', (_, { example, better }) => {
    expect(findPhrases(example)).toContainEqual(expect.objectContaining({ line: 1, better }));
    expect(findPhrases(example.toUpperCase())).toHaveLength(findPhrases(example).length);
  });

  test('names the line, the phrase, and what to write instead', () => {
    expect(findPhrases('const kept = true;\n\n// The table is written anew.\n')).toEqual([
      { line: 3, phrase: 'anew', better: 'again, or a verb with re-' },
    ]);
  });

  test.each([
    ['a docstring', '/**\n * The user who is wanted, whose name is in so\n * many words the same.\n */'],
    ['a line comment', '// Frames of so\n// many seconds.'],
    ['Markdown', '- It waits so\n  many seconds.'],
  ])('finds a phrase across a line break of %s', (_, text) => {
    expect(findPhrases(text)).toContainEqual(expect.objectContaining({ better: 'this many, up to N' }));
  });

  test.each([
    'an untold story',
    'const isThere = true;',
    'there is no video in it',
    'BODYSCRIPT_TOLD=1',
    'the owner of whole files',
  ])('leaves plain English alone: %s', text => {
    expect(findPhrases(text)).toEqual([]);
  });
});
