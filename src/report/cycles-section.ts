import { cyclesSvg } from '../postprocess/cycles/cycle-plots.js';
import { type FoundCycles, findCycles } from '../postprocess/cycles/find-cycles.js';
import type { PersonCycles } from '../postprocess/cycles/person-cycles.js';
import { summaryText } from '../postprocess/cycles/summary.js';
import { type Html, html } from '../text/html.js';

/** Twenty minutes: longer tables would need more memory than the page itself. */
const MOST_FRAMES = 36_000;
/** Fewest repetitions shown: the page looks for them unasked, and two may be chance. */
const LEAST_REPETITIONS = 3;

/**
 * Steps and repetitions of a table, with their plots; undefined if there are too few, or the table is too long. @param
 * frames of the table
 */
export async function cyclesSection(table: string, title: string, frames: number): Promise<Html | undefined> {
  if (frames > MOST_FRAMES) return undefined;
  const found = await findCycles(table, { kind: 'auto', angle: 'auto', personHeight: undefined });
  const people = found.people.filter(isWorthShowing);
  return people.length > 0 ? sectionOf(title, { ...found, people }) : undefined;
}

function isWorthShowing({ found }: PersonCycles): boolean {
  if (typeof found === 'string') return false;
  return found.kind === 'gait' || found.repetitions.length >= LEAST_REPETITIONS;
}

function sectionOf(title: string, found: FoundCycles): Html {
  const svg = cyclesSvg(title, found) ?? '';
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const lines = summaryText(found.people, undefined);
  return html`<section id="cycles">
<h2>Steps and repetitions</h2>
<pre>${lines.join('\n')}</pre>
<img class="picture plot" src="${source}" alt="mean and standard deviation of the angles over a cycle; the figures are above">
<p class="hint">bodyscript cycles writes these figures as tables; bodyscript help cycles explains how they are found and how accurate they are.</p>
</section>
`;
}
