import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { type NumbersState, PersonNumbers } from '../../draw/person-numbers.js';
import { shrink } from '../../draw/shrink.js';
import { drawSkeleton } from '../../draw/skeleton.js';
import type { FrameResult } from '../../model/result.js';
import { settleAll } from '../../system/settle.js';
import { partialPath, publish, writePartial } from '../../system/whole-file.js';
import type { Output, OutputState, Taken } from '../output.js';
import {
  BestPick,
  type Kept,
  type PictureCandidate,
  RegularPicks,
  type RegularState,
  WorstPicks,
  type WorstState,
} from './picks.js';
import { PictureStore } from './picture-store.js';

/** Which pictures to make. */
export interface PicturesJob {
  /** Temporary file for the small pictures. */
  readonly store: string;
  readonly contactSheet: string | undefined;
  readonly thumbnail: string | undefined;
  /** Joints with neither this visibility nor this confidence are not drawn, 0-1. */
  readonly minVisibility: number;
}

export interface PicturesState extends OutputState {
  readonly regular: RegularState;
  readonly worst: WorstState;
  readonly best: Kept | undefined;
  readonly numbers: NumbersState;
}

/** At least, and fewer than twice as many. */
const REGULAR = 8;
/** Pictures per row of a sheet, wide and upright ones, and their longer side in pixels. */
const COLUMNS = { wide: 4, upright: 6 } as const;
const CELL_PX = { wide: 320, upright: 360 } as const;
const THUMBNAIL_PX = 640;
/** A sheet without pictures is as wide as one with some. */
const NO_PICTURE = { width: CELL_PX.wide, height: 1 };
const SHEET_SUFFIX = /\.contact-sheet\.jpg$/;

/** Keeps small pictures with skeletons while frames are read, and composes contact sheet and thumbnail from them. */
export class PicturesOutput implements Output<'pictures'> {
  readonly #job: PicturesJob;
  readonly #store: PictureStore;
  readonly #regular: RegularPicks;
  readonly #worst: WorstPicks;
  readonly #best: BestPick;
  readonly #numbers: PersonNumbers;
  readonly #made: string[] = [];

  private constructor(job: PicturesJob, store: PictureStore, resume: PicturesState | undefined) {
    this.#job = job;
    this.#store = store;
    this.#regular = new RegularPicks(REGULAR, resume?.regular);
    this.#worst = new WorstPicks(COLUMNS.upright, resume?.worst);
    this.#best = new BestPick(resume?.best);
    this.#numbers = new PersonNumbers(1, resume?.numbers);
  }

  static async create(job: PicturesJob, resume?: PicturesState): Promise<PicturesOutput> {
    return new PicturesOutput(job, await PictureStore.open(job.store, resume?.bytes), resume);
  }

  get state(): PicturesState {
    return {
      bytes: this.#store.bytes,
      regular: this.#regular.state,
      worst: this.#worst.state,
      best: this.#best.state,
      numbers: this.#numbers.state,
    };
  }

  async write({ frame: { image }, result }: Taken['pictures']): Promise<void> {
    const { contactSheet, thumbnail, minVisibility } = this.#job;
    const candidate = candidateOf(result);
    this.#numbers.see(result);
    const regular = contactSheet !== undefined && this.#regular.wants(candidate);
    const worst = contactSheet !== undefined && this.#worst.wants(candidate);
    const best = thumbnail !== undefined && this.#best.wants(candidate);
    const isWide = image.width >= image.height;
    const small = (longerSide: number) => {
      const picture = shrink(image, longerSide);
      for (const { pose } of result.people) drawSkeleton(picture, pose, { minVisibility });
      this.#numbers.draw(picture, result);
      return picture;
    };
    if (regular || worst) {
      const cell = small(isWide ? CELL_PX.wide : CELL_PX.upright);
      const kept = { ...candidate, at: await this.#store.add(cell) };
      if (regular) this.#regular.keep(kept);
      if (worst) this.#worst.keep(kept);
    }
    if (best) this.#best.keep({ ...candidate, at: await this.#store.add(small(THUMBNAIL_PX)) });
  }

  async finish(): Promise<void> {
    const { contactSheet, thumbnail } = this.#job;
    if (contactSheet) await this.#make(contactSheet, () => this.#composeSheet());
    const best = this.#best.chosen;
    if (thumbnail && best) await this.#make(thumbnail, () => this.#encodeThumbnail(best));
    await this.#store.close();
  }

  async publish(): Promise<readonly string[]> {
    for (const path of this.#made) await publish(path);
    await this.#store.remove();
    return this.#made;
  }

  /** The content of the store stays: a continued run needs it. */
  async abandon(): Promise<void> {
    const files = [this.#job.contactSheet, this.#job.thumbnail].filter(path => path !== undefined);
    await settleAll([this.#store.close(), ...files.map(path => rm(partialPath(path), { force: true }))]);
  }

  async #composeSheet(): Promise<Buffer> {
    const { composeSheet } = await import('./compose-sheet.js');
    const regular = this.#regular.chosen;
    const size = regular[0] ? await this.#store.read(regular[0].at) : NO_PICTURE;
    const columns = size.width >= size.height ? COLUMNS.wide : COLUMNS.upright;
    return composeSheet({
      title: basename(this.#job.contactSheet ?? '').replace(SHEET_SUFFIX, ''),
      size,
      columns,
      regular,
      step: this.#regular.step,
      worst: this.#worst.chosen.slice(0, columns),
      lowest: this.#worst.lowest,
      read: ({ at }) => this.#store.read(at),
    });
  }

  async #encodeThumbnail(best: Kept): Promise<Buffer> {
    return (await import('./compose-sheet.js')).encodeJpeg(await this.#store.read(best.at), '--thumbnail');
  }

  async #make(path: string, content: () => Promise<Buffer>): Promise<void> {
    await writePartial(path, await content());
    this.#made.push(path);
  }
}

function candidateOf({ frameId, timestamp, people }: FrameResult): PictureCandidate {
  const scores = people.map(({ score }) => score);
  const heights = people.map(({ pose }) => {
    const ys = pose.landmarks.map(({ y }) => Math.min(1, Math.max(0, y)));
    return Math.max(...ys) - Math.min(...ys);
  });
  const isMissing = people.length === 0;
  return {
    frameId,
    timestamp,
    isMissing,
    people: people.map(({ personId }) => personId),
    score: isMissing ? 0 : Math.min(...scores),
    worth: isMissing ? 0 : Math.max(...scores.map((score, i) => score * (heights[i] ?? 0))),
  };
}
