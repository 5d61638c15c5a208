import { withoutSecrets } from './url.js';

/** A path or an address as one word of a command line for a POSIX shell, which takes nothing in it for its own. */
export function shellWord(text: string): string {
  const plain = withoutSecrets(text);
  const word = plain.startsWith('-') && plain !== '-' ? `./${plain}` : plain;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
