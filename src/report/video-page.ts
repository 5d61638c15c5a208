import { dirname } from 'node:path';
import type { Quality } from '../model/quality.js';
import type { RunRecord } from '../model/run-record.js';
import { type Html, html } from '../text/html.js';
import { spelledJson } from '../text/json.js';
import { shellWord } from '../text/shell.js';
import { checksOf, verdictOf } from './checks.js';
import { bibtexOf } from './cite.js';
import type { Collected } from './collect.js';
import { curvesOf } from './curves-section.js';
import { count, fixed, megabytes, percent } from './figures.js';
import { type FileLink, filesOf, indexLink } from './file-links.js';
import { followCommand } from './follow-command.js';
import { methodsText } from './methods.js';
import { NO_SCRIPT } from './no-script.js';
import { nobodyOf } from './nobody.js';
import { followOf, peopleOf } from './people.js';
import type { StillFrame } from './still.js';
import { table } from './table.js';
import { clockText } from './time-axis.js';
import { timelineOf } from './timeline.js';
import { visibilityOf } from './visibility-section.js';
import type { WhoIsThere } from './who-is-there.js';

/** A picture that the page holds. */
export interface PagePicture {
  /** `data:...` */
  readonly source: string;
  readonly name: string;
  readonly kind: 'photo' | 'plot';
}

/** The content of the page of one video. */
export interface VideoPage {
  readonly title: string;
  /** Name of the table beside the page. */
  readonly table: string;
  /** Untrusted. */
  readonly record: RunRecord;
  readonly quality: Quality;
  readonly data: Collected;
  readonly who: WhoIsThere;
  readonly still: StillFrame;
  /** For each of the table's bins whether left and right are swapped in it. */
  readonly swapped: readonly boolean[];
  readonly images: readonly PagePicture[];
  /** The run's thumbnail: shown where there is no overlay, and on paper. */
  readonly thumbnail: string | undefined;
  /** Name of the file beside the page. */
  readonly overlay: string | undefined;
  /** Address of the page of all videos. */
  readonly index: string | undefined;
  readonly files: readonly FileLink[];
  /** Steps and repetitions. */
  readonly cycles: Html | undefined;
  /** How the table was filtered, as a sentence. */
  readonly filtering?: string | undefined;
}

/**
 * The whole content of the page.
 * @throws Unusable if the record holds anything but numbers; TypeError if a field is absent
 */
export function videoBody(page: VideoPage): Html {
  const { title, record, quality, data, who, images, overlay, cycles, index, files } = page;
  const total = quality.people.length;
  const isEmpty = who.sightings.length === 0 && data.people.length === 0;
  return html`<header>
${indexLink(index)}<h1>${title}</h1>
${verdictOf(quality)}${filesOf(files)}
<dl class="facts">${factsOf(quality).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>
<main>
${isEmpty && nobodyOf(record)}<section id="watch" aria-label="video and timeline">
${pictureOf(page)}
<p id="chosen" role="status"></p>
${isEmpty ? undefined : timelineOf({ ...data, swapped: page.swapped, rows: who.rows(data.bins), further: Math.max(0, total - who.rows([]).length) })}</section>
${peopleOf(quality)}${curvesOf(data, total)}${visibilityOf(data, quality)}${cycles}${checksOf(quality, record)}${followOf(who.sightings, total, followCommand(record), overlay !== undefined)}${picturesOf(images)}${runOf(record)}${wordsOf(page)}<section class="on-screen">
<h2>Run record</h2>
<details><summary>${recordTitle(record)}</summary><pre>${spelledJson(record, 2)}</pre></details>
<p class="hint">Written to ${dirname(record.outputs[0] ?? '.')}. This page loads nothing but the video beside it.</p>
</section>
</main>`;
}

const recordTitle = ({ tool, engine, startedAt }: RunRecord) =>
  `${tool.name} ${tool.version}, ${engine?.name ?? 'no'} engine, ${startedAt}`;

/** The overlay; where it is absent, and on paper, a still. The page's script shows the still if the overlay fails. */
function pictureOf({ overlay, thumbnail, still, record, table: name }: VideoPage): Html {
  const { displayWidth: width, displayHeight: height } = record.input.video;
  const picture =
    thumbnail === undefined
      ? still.picture({ width, height })
      : html`<img src="${thumbnail}" alt="a picture of the video">`;
  const shows =
    thumbnail === undefined && still.at !== undefined
      ? ` The picture shows the poses at ${clockText(still.at)}, from the table.`
      : '';
  const command = `bodyscript render ${shellWord(name)} ${shellWord(record.input.path)}`;
  const draw = html`To draw one: <code id="draw">${command}</code> <button type="button" data-copy="draw" aria-label="copy the command that draws an overlay">copy</button>`;
  if (overlay === undefined) {
    return html`${picture && html`<figure class="still">${picture}</figure>`}
<p>No overlay video lies beside this page: the run wrote none, or it was moved.${shows} ${draw}</p>`;
  }
  return html`<video id="video" src="${encodeURIComponent(overlay)}" controls preload="metadata" aria-label="overlay video"></video>
${picture && html`<figure class="still on-paper">${picture}</figure>`}
<p id="no-video" hidden>The overlay video ${overlay} is not beside this page, or this browser cannot play it.${shows} ${draw}</p>`;
}

function factsOf(quality: Quality): [name: string, value: string][] {
  const { frames: all, missingFrames, longestGap } = quality;
  const found: [string, string][] = [
    ['frames', count(all)],
    ['frames with a person', `${count(all - missingFrames)} (${percent(quality.detectionRate)})`],
  ];
  if (missingFrames >= all) return found;
  return [
    ...found,
    ['people', count(quality.people.length)],
    ['mean score (0-1)', fixed(quality.confidence, 2)],
    ['longest gap', `${count(longestGap.frames)} ${longestGap.frames === 1 ? 'frame' : 'frames'}`],
    ['left-right swaps', count(quality.swaps.count)],
    ['jitter (of the torso length)', percent(quality.jitter)],
  ];
}

/** The resources used by the run. */
function runOf({ strategyUse, seconds, peakMemory }: RunRecord): Html {
  const poses = Object.values(strategyUse).reduce((sum, uses) => sum + uses, 0);
  const uses = Object.entries(strategyUse).sort(([, a], [, b]) => b - a);
  const memory = Object.entries(peakMemory.rssByProcess);
  return html`<section id="run">
<h2>Run</h2>
<p>${fixed(seconds.framesPerSecond, 1)} frames per second, at most ${megabytes(peakMemory.treeRss)} MB of memory.</p>
${NO_SCRIPT}<div class="columns"><div id="memory-plot"></div><div id="speed-plot"></div></div>
<div class="columns">
${
  poses > 0 &&
  table(
    'How poses were found',
    uses.map(([name, used]) => [name, count(used), percent(used / poses)]),
    { head: ['strategy', 'poses', 'share'] },
  )
}
${table(
  'Time per stage (s)',
  Object.entries(seconds.byStage).map(([name, value]) => [name, fixed(value, 1)]),
  { head: ['stage', 'seconds'] },
)}
${table(
  'Peak memory (MB)',
  memory.map(([name, bytes]) => [name, megabytes(bytes)]),
  { head: ['process', 'MB'] },
)}
</div>
</section>
`;
}

function picturesOf(images: readonly PagePicture[]): Html | undefined {
  if (images.length === 0) return undefined;
  const shown = images.map(
    ({ source, name, kind }) => html`<img class="picture ${kind}" src="${source}" alt="${name}">`,
  );
  return html`<section id="pictures"><h2>Pictures</h2>${shown}</section>\n`;
}

/** The text and citations for a paper. */
function wordsOf({ record, filtering }: VideoPage): Html {
  return html`<section id="words">
<h2>For a paper</h2>
<h3>Methods</h3>
<blockquote id="methods">${methodsText(record, filtering)}</blockquote>
<button type="button" data-copy="methods" aria-label="copy the methods paragraph">copy</button>
<h3>References</h3>
<pre id="bibtex">${bibtexOf(record)}</pre>
<button type="button" data-copy="bibtex" aria-label="copy the references">copy</button>
</section>
`;
}
