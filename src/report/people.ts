import type { PersonQuality, Quality } from '../model/quality.js';
import { gateInWords } from '../signal/gates.js';
import { type Html, html } from '../text/html.js';
import { gapInWords, resultOf } from './checks.js';
import { count, fixed, percent } from './figures.js';
import { type FollowCommand, lineOf, placeOf } from './follow-command.js';
import { chip, table } from './table.js';
import type { Sighting } from './who-is-there.js';

const COLUMNS = [
  'person',
  'from-to',
  'found in',
  'longest gap',
  'score',
  'consistency',
  'jumps',
  'swapped',
  'jitter',
  'checks',
];

/** Each person by themselves, where there are several. */
export function peopleOf({ people }: Quality): Html | undefined {
  if (people.length < 2) return undefined;
  return html`<section id="people">\n${table('Each person', people.map(rowOf), COLUMNS)}\n</section>\n`;
}

function rowOf(person: PersonQuality): (Html | string)[] {
  const failed = person.gates.filter(({ passed }) => !passed);
  return [
    chip(person.personId),
    `${fixed(person.from, 1)}-${fixed(person.to, 1)} s`,
    `${count(person.frames)} of ${count(person.spanFrames)} frames (${percent(person.detectionRate)})`,
    gapInWords(person.longestGap),
    fixed(person.confidence, 2),
    fixed(person.consistency, 2),
    count(person.jumps.count),
    count(person.swaps.count),
    percent(person.jitter),
    html`${person.gates.length - failed.length} of ${person.gates.length} ${resultOf({ passed: failed.length === 0 })}${failed.length > 0 && html`: ${failed.map(gateInWords).join(', ')}`}`,
  ];
}

/**
 * How to analyse the video again with one person alone: a line for each, and one for a click into the paused picture.
 * @param hasOverlay whether there is a picture to click on
 */
export function followOf(
  sightings: readonly Sighting[],
  total: number,
  command: FollowCommand,
  hasOverlay: boolean,
): Html | undefined {
  if (sightings.length === 0) return undefined;
  const further = total - sightings.length;
  const how = hasOverlay
    ? 'Pause the video above and click on somebody, or take a line of the list: each follows one person from where they are first seen.'
    : 'Each line follows one person from where they are first seen.';
  return html`<section id="follow">
<h2>Follow one person alone</h2>
<p class="hint">${how}</p>
<p id="chosen" role="status"></p>
<ul>${sightings.map(sighting => item(sighting, command))}</ul>
${further > 0 && html`<p class="hint">and ${further} further ${further === 1 ? 'person' : 'people'}</p>`}</section>
`;
}

function item(sighting: Sighting, command: FollowCommand): Html {
  const { personId, at } = sighting;
  const { x, y } = placeOf(command, sighting);
  const id = `line-${personId}`;
  return html`<li>${chip(personId)} person ${personId} at ${x},${y}, ${fixed(at, 2)} s <code id="${id}">${lineOf(command, sighting)}</code> <button type="button" data-copy="${id}">copy</button></li>`;
}
