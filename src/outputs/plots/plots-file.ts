import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { personAngles } from '../../formats/person-angles.js';
import { SIDES } from '../../model/body.js';
import type { TableFrame } from '../../model/table-frame.js';
import { UnwrappedAngles } from '../../signal/unwrapped-angles.js';
import { partialPath, publish, writePartial } from '../../system/whole-file.js';
import { ExportClock } from '../exports/export-clock.js';
import type { Output, OutputKind } from '../output.js';
import { BinnedSeries } from './binned-series.js';
import { PLOTTED_JOINTS } from './plot-series.js';

const ANGLE_CHANNELS = PLOTTED_JOINTS.flatMap(joint => SIDES.map(side => `${side}_${joint}`));
/** More than a plot's pixels would not be seen. */
const BINS = 1600;
const MOST_PEOPLE = 4;

/** Draws `NAME.plots.svg` and `NAME.plots.png`. */
class PlotsFile implements Output<'table'> {
  readonly #stem: string;
  readonly #display: { readonly width: number; readonly height: number };
  readonly #video = new BinnedSeries(5, BINS);
  readonly #people = new Map<number, BinnedSeries>();
  readonly #clock = new ExportClock();
  readonly #unwrapped = new UnwrappedAngles();
  #frames = 0;

  /** @param stem path without suffix: `results/walk.plots` */
  constructor(stem: string, display: { readonly width: number; readonly height: number }) {
    this.#stem = stem;
    this.#display = display;
  }

  write({ timestamp, people }: TableFrame): void {
    const [first] = people;
    const isRetried = first && first.status !== 'filled' && first.strategy !== '' && first.strategy !== 'original';
    this.#video.add([
      this.#clock.next(timestamp),
      first?.score,
      Number(!first),
      Number(!!isRetried),
      Number(first?.status === 'filled'),
    ]);
    for (const { personId } of people) {
      if (this.#people.has(personId) || this.#people.size >= MOST_PEOPLE) continue;
      const series = new BinnedSeries(ANGLE_CHANNELS.length, BINS);
      series.skip(this.#frames);
      this.#people.set(personId, series);
    }
    this.#frames++;
    for (const [id, series] of this.#people) {
      const person = people.find(({ personId }) => personId === id);
      const angles = person && this.#unwrapped.next(id, timestamp, personAngles(person, this.#display));
      series.add(ANGLE_CHANNELS.map(name => angles?.find(angle => angle.name === name)?.degrees2d));
    }
  }

  async finish(): Promise<void> {
    const { drawPlots } = await import('./draw-plots.js');
    const { rasterize } = await import('./plot-sheet.js');
    const title = basename(this.#stem).replace(/\.plots$/, '');
    const svg = drawPlots({ title, frames: this.#frames, video: this.#video, people: this.#people });
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
