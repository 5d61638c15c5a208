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
  'time',
  'found in',
  'longest gap',
  'score',
  'consistency',
  'jumps',
  'left-right swaps',
  'jitter',
  'checks',
];

/** Each person's own figures, if there are several people. */
export function peopleOf({ people }: Quality): Html | undefined {
  if (people.length < 2) return undefined;
  return html`<section id="people">\n<h2>People</h2>\n${table('People', people.map(rowOf), { head: COLUMNS, stacks: true, isUntitled: true })}\n</section>\n`;
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
 * How to analyse the video again with only one person: a command for each, and one for a click on the paused video.
 * @param hasOverlay whether the page has a video to click on
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
    ? 'Pause the video above and click on a person, or copy a command: each follows one person from the first frame that shows them.'
    : 'Each command follows one person from the first frame that shows them.';
  return html`<section id="follow" class="on-screen">
<h2>Follow one person alone</h2>
<p class="hint">${how}</p>
<ul class="commands">${sightings.map(sighting => item(sighting, command))}</ul>
${further > 0 && html`<p class="hint">${further} further ${further === 1 ? 'person has' : 'people have'} no command here${hasOverlay && '; click on them in the video'}.</p>`}</section>
`;
}

function item(sighting: Sighting, command: FollowCommand): Html {
  const { personId, at } = sighting;
  const { x, y } = placeOf(command, sighting);
  const id = `line-${personId}`;
  return html`<li>${chip(personId)} person ${personId} at ${x},${y}, ${fixed(at, 2)} s <code id="${id}">${lineOf(command, sighting)}</code> <button type="button" data-copy="${id}" aria-label="copy the command for person ${personId}">copy</button></li>`;
}
