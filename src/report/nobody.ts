import { join } from 'node:path';
import type { RunRecord } from '../model/run-record.js';
import { type Html, html } from '../text/html.js';
import { shellWord } from '../text/shell.js';
import { count } from './figures.js';
import { followCommand } from './follow-command.js';

/** A suggestion, with the reason and its options. */
type Remedy = readonly [why: string, options: readonly string[]];

/** Suggestions if no person was found, each as a whole command. */
export function nobodyOf(record: RunRecord): Html {
  const { begins, folder } = followCommand(record);
  const frames = record.frames.decoded;
  const out = shellWord(join(folder, 'retry'));
  const items = remediesOf(record).map(([why, options], i) => {
    const id = `remedy-${i}`;
    return html`<li>${why}: <code id="${id}">${[begins, ...options, '-o', out].join(' ')}</code> <button type="button" data-copy="${id}" aria-label="copy: ${why}">copy</button></li>`;
  });
  return html`<section id="nobody">
<h2>No person found</h2>
<p>None of the ${count(frames)} analysed frames shows a person that the networks recognise. If someone is in the picture, try:</p>
<ul class="commands">${items}</ul>
</section>
`;
}

/** Only those that this run did not use already. */
function remediesOf({ options, frames }: RunRecord): Remedy[] {
  const { mode, minScore = 0 } = options.analysis;
  const { maxSize } = options.analysis as { readonly maxSize?: unknown };
  const { selection, rotate } = options.source as {
    readonly selection?: Readonly<Record<string, unknown>>;
    readonly rotate?: unknown;
  };
  const { minDetection } = options.analysis.engine as { readonly minDetection?: unknown };
  const isPart = ['start', 'end', 'maxFrames'].some(name => isGiven(selection?.[name])) || frames.passedOver > 0;
  const canBeSurer = typeof minDetection !== 'number' || minDetection > LOW;
  const remedies: readonly (Remedy | false)[] = [
    isPart && ['analyse the whole video, not a part of it', []],
    minScore > 0 && ['keep poses with low scores', ['--min-score 0']],
    isGiven(maxSize) && ['analyse frames in full size, to find smaller people', []],
    mode !== 'quality' && ['make several refining attempts in each frame (slow)', ['--mode quality']],
    canBeSurer && ['accept less certain poses', [`--min-detection ${LOW} --min-presence ${LOW}`]],
    !isGiven(rotate) && ['rotate the picture if people appear on their side', ['--rotate 90']],
  ];
  return remedies.filter(remedy => remedy !== false);
}

const LOW = 0.1;

const isGiven = (value: unknown) => value !== null && value !== undefined;
