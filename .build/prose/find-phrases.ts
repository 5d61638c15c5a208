import { RULES, type Rule } from './rules.js';

/** A phrase at a place in a text. */
export interface Finding {
  /** 1-based. */
  readonly line: number;
  readonly phrase: string;
  readonly better: string;
}

/** What separates the words of a phrase: a line of a comment may end between them. */
const GAP = String.raw`(?:[ \t]+|[ \t]*\n[ \t]*(?:\*(?!/)|//|#|>)?[ \t]*)`;

const PATTERNS: readonly (readonly [RegExp, Rule])[] = RULES.map(rule => [
  new RegExp(String.raw`(?<![\w$#.-])(?:${rule.phrase.replaceAll(' ', GAP)})(?![\w$(-])`, 'gi'),
  rule,
]);

/** All banned phrases of a text, in its order. */
export function findPhrases(text: string): Finding[] {
  const found = PATTERNS.flatMap(([pattern, { better }]) =>
    [...text.matchAll(pattern)].map(({ index, 0: phrase }) => ({ index, phrase: phrase.replace(/\s+/g, ' '), better })),
  );
  return found
    .sort((a, b) => a.index - b.index)
    .map(({ index, phrase, better }) => ({ line: text.slice(0, index).split('\n').length, phrase, better }));
}
