import { personColour } from '../model/person-colours.js';
import type { PersonResult } from '../model/result.js';
import type { Colour } from './stroke.js';

/** `sides`: warm for the left, cool for the right; `people`: one for each person; or one for all. */
export type ColourChoice = 'sides' | 'people' | Colour;

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
  if (choice === 'people') return ({ personId }) => personColour(personId);
  return () => choice;
}
