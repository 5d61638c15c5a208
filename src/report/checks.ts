import type { Gate, Moments, Quality } from '../model/quality.js';
import type { RunRecord } from '../model/run-record.js';
import { PLANE_LIMIT } from '../signal/angle-plane.js';
import { gateInWords } from '../signal/gates.js';
import { type Html, html } from '../text/html.js';
import { count, fixed, percent } from './figures.js';
import { table } from './table.js';

/** What was checked, what was found, the limit that it is held against, and whether it is kept. */
type Check = readonly [checked: string, found: string, limit: string, result: Html | string];

const NO_LIMIT = ['-', 'no limit'] as const;
const FIRST_MOMENTS = 5;

/** How many checks are passed, and which are not, with their numbers. */
export function verdictOf({ gates, people }: Quality): Html {
  const failed = gates.filter(({ passed }) => !passed);
  const passed = gates.length - failed.length;
  const which = failed.map(gateInWords).join(', ');
  const who = people.filter(person => person.gates.some(gate => !gate.passed)).map(({ personId }) => personId);
  const whose = people.length > 1 && who.length > 0 ? `; see person ${who.join(', ')}` : '';
  return html`<p class="verdict">${passed} of ${gates.length} checks passed${which === '' ? '' : `: ${which}${whose}`} <a href="#checks">all checks</a></p>`;
}

/** All that was checked of a table, with its numbers. */
export function checksOf(quality: Quality, record: RunRecord): Html {
  return html`<section id="checks">
${table('What was checked', checks(quality, record), ['checked', 'found', 'limit', 'result'])}
${hasPoses(quality) && joints(quality)}${notesOf(record)}</section>`;
}

const hasPoses = ({ frames, missingFrames }: Quality) => missingFrames < frames;

/** What of the poses was not seen, and how far angles in the picture are out of it. */
function joints(quality: Quality): Html {
  return html`<div class="columns">
${table('Joints not seen', unseen(quality), ['part of the body', 'poses in which confidence is below 0.5'])}
${table('Planes of the angles in the picture', planes(quality), ['angle', 'turned out of the picture, median', `poses beyond ${PLANE_LIMIT}°`])}
</div>
<p class="hint">An angle in the picture is the joint's own only where its plane lies in the picture: at ${PLANE_LIMIT}° a knee bent by 45° looks bent by 41°, and beyond that the error grows quickly. Angles in space, from world landmarks, do not depend on it (bodyscript help angles).</p>
`;
}

function checks(quality: Quality, record: RunRecord): Check[] {
  const { frames, missingFrames, longestGap, jumps, swaps, lowestScores, jitter } = quality;
  const gates = new Map(quality.gates.map(gate => [gate.name, gate]));
  const held = (name: Gate['name'], checked: string, found: string): Check[] => {
    const gate = gates.get(name);
    return gate ? [[checked, found, limitOf(gate), resultOf(gate)]] : [];
  };
  const lowest = lowestScores.map(
    ({ score, at, frameId, personId }) =>
      `${fixed(score, 2)} at ${fixed(at, 2)} s (frame ${count(frameId)}, person ${count(personId)})`,
  );
  return [
    ...held(
      'detectionRate',
      'somebody is found',
      `in ${count(frames - missingFrames)} of ${count(frames)} frames (${percent(quality.detectionRate)})`,
    ),
    ...held(
      'missingRate',
      'nobody is found',
      `missing in ${count(missingFrames)} of ${count(frames)} frames (${percent(quality.missingRate)})`,
    ),
    ['longest time without anybody', gapInWords(longestGap), ...NO_LIMIT],
    ...held('confidence', 'mean score of the poses', hasPoses(quality) ? fixed(quality.confidence, 2) : 'no poses'),
    ['lowest scores', lowest.length === 0 ? 'no poses' : lowest.join('; '), ...NO_LIMIT],
    ...held(
      'consistency',
      'bones keep their length (1: always)',
      hasPoses(quality) ? fixed(quality.consistency, 2) : 'no poses',
    ),
    ['jumps of the body by half a torso', momentsInWords(jumps), ...NO_LIMIT],
    ['left and right change places in the table', momentsInWords(swaps), ...NO_LIMIT],
    [
      `left and right against the motion${record.options.analysis.fixSwaps ? ', swapped back' : ''}`,
      `in ${count(record.swaps.count)} poses`,
      ...NO_LIMIT,
    ],
    ['shaking from frame to frame', `${percent(jitter)} of the torso`, ...NO_LIMIT],
    ...held(
      'changes',
      'the only person in a frame is another one than before',
      `${count(gates.get('changes')?.value)} times`,
    ),
    ...held('people', 'people who do not pass by themselves', count(gates.get('people')?.value)),
  ];
}

/** `at least 0.8` */
const limitOf = ({ bound, limit }: Gate): string => `at ${bound} ${limit}`;

/** In words: colours are not all that tells. */
export const resultOf = ({ passed }: Pick<Gate, 'passed'>): Html =>
  passed ? html`<b class="passed">passed</b>` : html`<b class="failed">not passed</b>`;

/** `12 frames, from 1.20 s on`. */
export function gapInWords({ frames, at }: Quality['longestGap']): string {
  if (frames === 0) return 'none';
  return `${count(frames)} ${frames === 1 ? 'frame' : 'frames'}, from ${fixed(at, 2)} s on`;
}

function momentsInWords({ count: total, at }: Moments): string {
  if (total === 0) return 'none';
  const first = at.slice(0, FIRST_MOMENTS).map(moment => `${fixed(moment, 2)} s`);
  return `${count(total)}, at ${first.join(', ')}${total > first.length ? ' ...' : ''}`;
}

function unseen({ unseen: shares }: Quality): [string, string][] {
  return Object.entries(shares).map(([part, share]) => [part, percent(share)]);
}

/** The worst first. */
function planes({ planes: turns }: Quality): string[][] {
  return Object.entries(turns)
    .sort(([, a], [, b]) => b.beyondLimit - a.beyondLimit)
    .map(([name, { medianDegrees, beyondLimit }]) => [
      name.replaceAll('_', ' '),
      medianDegrees === null ? '-' : `${count(medianDegrees)}°`,
      percent(beyondLimit),
    ]);
}

/** What the run warned of, and what it did to the frames. */
function notesOf({ warnings, input, resumedAtFrames, frames, budget, options }: RunRecord): Html {
  const { video, timeScale } = input;
  const source = options.source as { readonly mirror?: unknown; readonly sequenceFps?: unknown };
  const notes = [
    ...warnings,
    ...(video.deinterlaced === 'no' ? [] : [`fields were made into frames (deinterlaced: ${video.deinterlaced})`]),
    ...(timeScale === 1 ? [] : [`times are those of the file, multiplied by ${timeScale}`]),
    ...(source.mirror === true || video.orientation.mirrored
      ? ["the video is mirrored: left and right are the person's own"]
      : []),
    ...(video.averageRate ? [] : [`the video names no frame rate`]),
    ...(frames.filled > 0 ? [`${frames.filled} frames hold poses that were filled in from the frames around`] : []),
    ...(frames.passedOver > 0 ? [`${frames.passedOver} frames of the video were passed over`] : []),
    ...(budget.framesOverBudget > 0
      ? [`in ${budget.framesOverBudget} frames fewer attempts were made than the footage asked for`]
      : []),
    ...(resumedAtFrames.length > 0
      ? [`the run was stopped, and continued at frame ${resumedAtFrames.join(', ')}`]
      : []),
  ];
  const told = notes.length === 0 ? html`<p>none</p>` : html`<ul>${notes.map(note => html`<li>${note}</li>`)}</ul>`;
  return html`<h2>Warnings and what was done to the video</h2>${told}\n`;
}
