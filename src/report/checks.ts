import type { Gate, Moments, Quality } from '../model/quality.js';
import type { RunRecord } from '../model/run-record.js';
import { PLANE_LIMIT } from '../signal/angle-plane.js';
import { gateInWords } from '../signal/gates.js';
import { type Html, html } from '../text/html.js';
import { count, fixed, percent } from './figures.js';
import { table } from './table.js';

/** A check, its value, its limit, and whether it passes. */
type Check = readonly [checked: string, measured: string, limit: string, result: Html | string];

const NO_LIMIT = ['none', 'for information'] as const;
const FIRST_MOMENTS = 5;

/** The number of checks that a table passes, and those that it fails, with their values. */
export function verdictOf({ gates, people }: Quality): Html {
  const failed = gates.filter(({ passed }) => !passed);
  const passed = gates.length - failed.length;
  const which = failed.map(gateInWords).join(', ');
  const who = people.filter(person => person.gates.some(gate => !gate.passed)).map(({ personId }) => personId);
  const whose = people.length > 1 && who.length > 0 ? `; see person ${who.join(', ')}` : '';
  return html`<p class="verdict">${passed} of ${gates.length} checks passed${which === '' ? '' : `: ${which}${whose}`} <a href="#checks">all checks</a></p>`;
}

/** All checks of a table, with their numbers. */
export function checksOf(quality: Quality, record: RunRecord): Html {
  return html`<section id="checks">
<h2>Checks</h2>
${table('Checks', checks(quality, record), { head: ['check', 'measured', 'limit', 'result'], stacks: true, isUntitled: true })}
${hasPoses(quality) && joints(quality)}${notesOf(record)}</section>`;
}

const hasPoses = ({ frames, missingFrames }: Quality) => missingFrames < frames;

/** The unseen joints, and how far angles are rotated out of the image plane. */
function joints(quality: Quality): Html {
  return html`<div class="columns">
${table('Joints not seen', unseen(quality), { head: ['part of the body', 'poses with a confidence below 0.5'] })}
${table('Angle planes', planes(quality), { head: ['angle', 'turned out of the image plane, median', `poses beyond ${PLANE_LIMIT}°`] })}
</div>
<p class="hint">A 2D angle equals the joint's own angle only where the joint moves in the image plane: at ${PLANE_LIMIT}° out of it, a knee bent by 45° looks bent by 41°, and beyond that the error grows quickly. 3D angles, from world landmarks, do not depend on the view (bodyscript help angles).</p>
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
      'frames with a person',
      `${count(frames - missingFrames)} of ${count(frames)} (${percent(quality.detectionRate)})`,
    ),
    ...held(
      'missingRate',
      'frames without a person',
      `${count(missingFrames)} of ${count(frames)} (${percent(quality.missingRate)})`,
    ),
    ['longest gap without a person', gapInWords(longestGap), ...NO_LIMIT],
    ...held('confidence', 'mean score of the poses', hasPoses(quality) ? fixed(quality.confidence, 2) : 'no poses'),
    ['lowest scores', lowest.length === 0 ? 'no poses' : lowest.join('; '), ...NO_LIMIT],
    ...held(
      'consistency',
      'consistency of bone lengths (1: constant)',
      hasPoses(quality) ? fixed(quality.consistency, 2) : 'no poses',
    ),
    ['jumps of the body by more than half a torso length', momentsInWords(jumps), ...NO_LIMIT],
    ['left-right swaps in the table', momentsInWords(swaps), ...NO_LIMIT],
    [
      `left-right swaps against the motion${record.options.analysis.fixSwaps ? ', corrected' : ''}`,
      `${count(record.swaps.count)} poses`,
      ...NO_LIMIT,
    ],
    ['jitter from frame to frame', `${percent(jitter)} of the torso length`, ...NO_LIMIT],
    ...held('changes', 'changes of the only person in the frame', `${count(gates.get('changes')?.value)} times`),
    ...held('people', 'people who fail their own checks', count(gates.get('people')?.value)),
  ];
}

/** `at least 0.8` */
const limitOf = ({ bound, limit }: Gate): string => `at ${bound} ${limit}`;

/** In words: colours alone must not carry the meaning. */
export const resultOf = ({ passed }: Pick<Gate, 'passed'>): Html =>
  passed ? html`<b class="passed">passed</b>` : html`<b class="failed">not passed</b>`;

/** `12 frames, from 1.20 s on`. */
export function gapInWords({ frames, at }: Quality['longestGap']): string {
  if (frames === 0) return 'none';
  return `${count(frames)} ${frames === 1 ? 'frame' : 'frames'} from ${fixed(at, 2)} s`;
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
      medianDegrees === null ? 'unknown' : `${count(medianDegrees)}°`,
      percent(beyondLimit),
    ]);
}

/** The run's warnings, and its changes to the frames. */
function notesOf({ warnings, input, resumedAtFrames, frames, budget, options }: RunRecord): Html {
  const { video, timeScale } = input;
  const source = options.source as { readonly mirror?: unknown; readonly sequenceFps?: unknown };
  const notes = [
    ...warnings,
    ...(video.deinterlaced === 'no' ? [] : [`the video was deinterlaced (${video.deinterlaced})`]),
    ...(timeScale === 1 ? [] : [`times are the file's, multiplied by ${timeScale}`]),
    ...(source.mirror === true || video.orientation.mirrored
      ? ["the video was mirrored back: left and right are the person's own"]
      : []),
    ...(video.averageRate ? [] : [`the video states no frame rate`]),
    ...(frames.filled > 0 ? [`in ${frames.filled} frames poses were filled in from neighbouring frames`] : []),
    ...(frames.passedOver > 0 ? [`${frames.passedOver} frames of the video were skipped`] : []),
    ...(budget.framesOverBudget > 0
      ? [`in ${budget.framesOverBudget} frames the budget allowed fewer attempts than the footage needed`]
      : []),
    ...(resumedAtFrames.length > 0 ? [`the run was stopped and resumed at frame ${resumedAtFrames.join(', ')}`] : []),
  ];
  const list = notes.length === 0 ? html`<p>None.</p>` : html`<ul>${notes.map(note => html`<li>${note}</li>`)}</ul>`;
  return html`<h3>Warnings and changes to the video</h3>${list}\n`;
}
