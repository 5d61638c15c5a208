type Rgb = readonly [red: number, green: number, blue: number];

/** Colours of people, distinguishable with any type of colour vision (Okabe and Ito 2008), the same in all outputs. */
export const PERSON_COLOURS: readonly Rgb[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [213, 94, 0],
  [204, 121, 167],
  [0, 114, 178],
  [255, 255, 255],
];

/** The colour of a person by id; from the ninth person on colours repeat, and only the number differs. */
export function personColour(personId: number): Rgb {
  return PERSON_COLOURS[personId % PERSON_COLOURS.length]!;
}

/** `#e69f00` */
export function hexColour(colour: Rgb): string {
  return `#${colour.map(part => part.toString(16).padStart(2, '0')).join('')}`;
}
