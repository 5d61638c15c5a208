import { distance } from 'fastest-levenshtein';

/** Largest share of wrong letters in a misspelt word. */
const WRONG_AT_MOST = 0.4;

/** The known word closest to a misspelt one, if any is close enough. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '');
  const ranked = known
    .map(candidate => ({ candidate, wrong: wrongLetters(plain(word), plain(candidate)) }))
    .sort((a, b) => a.wrong - b.wrong);
  const best = ranked[0];
  return best && best.wrong <= Math.max(1, Math.floor(word.length * WRONG_AT_MOST)) ? best.candidate : undefined;
}

/** Number of typing mistakes. Two transposed letters are one mistake, the most frequent in short words. */
function wrongLetters(word: string, candidate: string): number {
  const letters = (text: string) => [...text].sort().join('');
  const wrong = distance(word, candidate);
  return wrong === 2 && letters(word) === letters(candidate) ? 1 : wrong;
}
