import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { personAngles } from '../../formats/person-angles.js';
import type { TableFrame, TablePerson } from '../../model/table-frame.js';
import { UnwrappedAngles } from '../../signal/unwrapped-angles.js';
import { partialPath, publish, writePartial } from '../../system/whole-file.js';
import { ExportClock } from '../exports/export-clock.js';
import type { Output, OutputKind } from '../output.js';
import { BinnedSeries } from './binned-series.js';
import { ANGLE_CHANNELS, PERSON_CHANNELS, PERSON_WIDTH } from './plot-series.js';

/** More than a plot's pixels would not be seen. */
const BINS = 1600;
const MOST_PEOPLE = 4;

/** Draws `NAME.plots.svg` and `NAME.plots.png`. */
class PlotsFile implements Output<'table'> {
  readonly #stem: string;
  readonly #display: { readonly width: number; readonly height: number };
  readonly #times = new BinnedSeries(1, BINS);
  readonly #people = new Map<number, BinnedSeries>();
  readonly #clock = new ExportClock();
  readonly #unwrapped = new UnwrappedAngles();
  readonly #ids = new Set<number>();
  #frames = 0;

  /** @param stem path without suffix: `results/walk.plots` */
  constructor(stem: string, display: { readonly width: number; readonly height: number }) {
    this.#stem = stem;
    this.#display = display;
  }

  write({ timestamp, people }: TableFrame): void {
    this.#times.add([this.#clock.next(timestamp)]);
    for (const { personId } of people) this.#meet(personId);
    this.#frames++;
    for (const [id, series] of this.#people) {
      const person = people.find(({ personId }) => personId === id);
      if (!person) series.add(NO_POSE);
      else series.add([...this.#anglesOf(person, timestamp), ...channelsOf(person)]);
    }
  }

  #meet(id: number): void {
    this.#ids.add(id);
    if (this.#people.has(id) || this.#people.size >= MOST_PEOPLE) return;
    const series = new BinnedSeries(PERSON_WIDTH, BINS);
    series.skip(this.#frames);
    this.#people.set(id, series);
  }

  #anglesOf(person: TablePerson, timestamp: number): (number | undefined)[] {
    const angles = this.#unwrapped.next(person.personId, timestamp, personAngles(person, this.#display));
    return ANGLE_CHANNELS.map(name => angles.find(angle => angle.name === name)?.degrees2d);
  }

  async finish(): Promise<void> {
    const { drawPlots } = await import('./draw-plots.js');
    const { rasterize } = await import('./plot-sheet.js');
    const title = basename(this.#stem).replace(/\.plots$/, '');
    const series = { frames: this.#frames, times: this.#times, people: this.#people, peopleInAll: this.#ids.size };
    const svg = drawPlots({ title, ...series });
    await writePartial(`${this.#stem}.svg`, svg);
    await writePartial(`${this.#stem}.png`, await rasterize(svg, '--plots'));
  }

  async publish(): Promise<readonly string[]> {
    const files = [`${this.#stem}.svg`, `${this.#stem}.png`];
    for (const file of files) await publish(file);
    return files;
  }

  async abandon(): Promise<void> {
    for (const suffix of ['.svg', '.png']) await rm(partialPath(`${this.#stem}${suffix}`), { force: true });
  }
}

/** The channels of a frame without a pose of the person. */
const NO_POSE: readonly (number | undefined)[] = Array.from({ length: PERSON_WIDTH }, (_, channel) =>
  channel === PERSON_CHANNELS.present ? 0 : undefined,
);

/** In the order of `PERSON_CHANNELS`. */
function channelsOf({ score, status, strategy }: TablePerson): (number | undefined)[] {
  const isFilled = status === 'filled';
  const isRetried = !isFilled && strategy !== '' && strategy !== 'original';
  return [score, 1, Number(status === 'detected' && !isRetried), Number(isRetried), Number(isFilled)];
}

export const PLOTS: OutputKind<'table'> = {
  name: 'plots',
  needs: 'table',
  phase: 'reads',
  resumes: false,
  decidedBy: [],
  stage: 'plots',
  files: (stem, { plots }) =>
    plots ? ['svg', 'png'].map(suffix => ({ path: `${stem}.plots.${suffix}`, role: 'whole' as const })) : [],
  open: async ({ stem, display }) => new PlotsFile(`${stem}.plots`, display),
};
