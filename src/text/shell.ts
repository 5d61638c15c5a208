import { withoutSecrets } from './url.js';

/** A path or an address as one word of a POSIX shell command, without special characters. */
export function shellWord(text: string): string {
  const plain = withoutSecrets(text);
  const word = plain.startsWith('-') && plain !== '-' ? `./${plain}` : plain;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
