import { MESSAGES } from '../options/general-table.js';

/** Whether each spelling of a general option takes a value. */
const TAKES_VALUE = new Map(
  Object.values(MESSAGES).flatMap(({ flags }) => {
    const takesValue = flags.includes('<');
    return flags
      .replace(/ <.*/, '')
      .split(', ')
      .map(flag => [flag, takesValue] as const);
  }),
);

/**
 * Moves general options from before a command's name to behind it: `-q angles walk.csv` means `angles -q walk.csv`.
 * @param words the arguments after the program's name @param isCommand whether a word is the name of a command
 */
export function behindCommand(words: readonly string[], isCommand: (word: string) => boolean): string[] {
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    const takesValue = TAKES_VALUE.get(word.replace(/=.*/, ''));
    if (takesValue === undefined) break;
    at += takesValue && !word.includes('=') ? 2 : 1;
  }
  const command = words[at];
  if (at === 0 || command === undefined || !isCommand(command)) return [...words];
  return [command, ...words.slice(0, at), ...words.slice(at + 1)];
}
