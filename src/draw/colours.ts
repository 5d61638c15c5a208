import type { PersonResult } from '../model/result.js';
import type { Colour } from './stroke.js';

/** `sides`: warm for the left, cool for the right; `people`: one for each person; or one for all. */
export type ColourChoice = 'sides' | 'people' | Colour;

/** Colours that are told apart with any kind of sight (Okabe and Ito 2008). */
const PEOPLE: readonly Colour[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [213, 94, 0],
  [204, 121, 167],
  [0, 114, 178],
  [255, 255, 255],
];

/** @throws RangeError for another text */
export function readColours(text: string): ColourChoice {
  if (text === 'sides' || text === 'people') return text;
  const [, red, green, blue] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text) ?? [];
  if (red === undefined || green === undefined || blue === undefined) throw new RangeError(text);
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

/** The colour of a person's skeleton; undefined: those of its sides. */
export function colourOf(choice: ColourChoice): (person: PersonResult) => Colour | undefined {
  if (choice === 'sides') return () => undefined;
  if (choice === 'people') return ({ personId }) => PEOPLE[personId % PEOPLE.length];
  return () => choice;
}
