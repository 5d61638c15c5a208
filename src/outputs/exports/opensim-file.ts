import { basename } from 'node:path';
import { personStem, rowsFile } from '../../formats/person-file.js';
import type { TableFrame, TablePerson } from '../../model/table-frame.js';
import { StepRate } from '../../signal/step-rate.js';
import { OpenStack } from '../../system/open-stack.js';
import { settleAll } from '../../system/settle.js';
import { visible } from '../../text/visible.js';
import type { Output } from '../output.js';
import { ExportClock } from './export-clock.js';
import { pauseWarnings } from './pause-warning.js';
import { TextFile } from './text-file.js';

/** The header of a file, known once all frames are. */
export interface HeadFacts {
  /** Name of the file, on one line: the header consists of lines. */
  readonly name: string;
  readonly frames: number;
  /** Frames per second, without pauses; 0 if there are fewer than two frames. */
  readonly rate: number;
}

/** A text format of OpenSim: a header that contains the number of rows, and one row for each frame. */
export interface OpenSimFormat {
  readonly suffix: 'trc' | 'mot';
  /** Whether the header states the frame rate: a reader may then assume even steps. */
  readonly tellsRate: boolean;
  head(facts: HeadFacts): string;
  /** A line without its line end. @param index 1-based */
  row(index: number, timestamp: number, person: TablePerson | undefined): string;
  /** The cell with the time. */
  readonly timeColumn: number;
  /** Reads a person before the rows are finished, for values that need all frames. */
  observe?(person: TablePerson): void;
  /** Converts a stored row to the file's row. */
  finishRow?(person: number, row: string): string;
}

/**
 * Writes one file for each person, since these formats hold one: `walk.trc`, or `walk.person-0.trc` if there are
 * several.
 */
export class OpenSimFile implements Output<'table'> {
  readonly #stem: string;
  readonly #format: OpenSimFormat;
  /** By person id; rows without a header. */
  readonly #rows = new Map<number, TextFile>();
  /** Rows before any person was found. */
  #nobody: TextFile | undefined;
  #frames = 0;
  readonly #clock = new ExportClock();
  readonly #steps = new StepRate();
  #files: TextFile[] = [];

  constructor(stem: string, format: OpenSimFormat) {
    this.#stem = stem;
    this.#format = format;
  }

  get warnings(): readonly string[] {
    if (this.#rows.size === 0 || !this.#format.tellsRate) return [];
    return pauseWarnings(basename(this.#files[0]?.path ?? this.#stem), this.#steps);
  }

  async write({ timestamp, people }: TableFrame): Promise<void> {
    const time = this.#clock.next(timestamp);
    for (const person of people) {
      if (!this.#rows.has(person.personId)) this.#rows.set(person.personId, await this.#begin(person.personId));
      this.#format.observe?.(person);
    }
    this.#frames++;
    this.#steps.add(time);
    const line = (person: TablePerson | undefined) => `${this.#format.row(this.#frames, time, person)}\n`;
    if (this.#rows.size === 0) {
      this.#nobody ??= await this.#open('nobody');
      await this.#nobody.add(line(undefined));
    }
    for (const [id, rows] of this.#rows) await rows.add(line(people.find(({ personId }) => personId === id)));
  }

  async finish(): Promise<void> {
    const people = [...this.#rows.keys()].sort((a, b) => a - b);
    const { rate } = this.#steps;
    for (const person of people) {
      const path = `${people.length > 1 ? personStem(this.#stem, person) : this.#stem}.${this.#format.suffix}`;
      const file = await TextFile.create(path);
      this.#files.push(file);
      await file.add(this.#format.head({ name: visible(basename(path)), frames: this.#frames, rate }));
      await this.#copyRows(person, file);
      await file.close();
    }
    await this.#removeRows();
  }

  async publish(): Promise<readonly string[]> {
    for (const file of this.#files) await file.publish();
    return this.#files.map(({ path }) => path);
  }

  async abandon(): Promise<void> {
    await settleAll([this.#removeRows(), ...this.#files.map(file => file.remove())]);
  }

  async #copyRows(person: number, file: TextFile): Promise<void> {
    const rows = this.#rows.get(person) as TextFile;
    const finishRow = this.#format.finishRow?.bind(this.#format);
    if (!finishRow) return file.addAll(rows);
    for await (const line of rows.lines()) await file.add(`${finishRow(person, line)}\n`);
  }

  /** Rows of a person who was not present until now. */
  async #begin(person: number): Promise<TextFile> {
    await using opened = new OpenStack();
    const rows = opened.add(await this.#open(person), it => it.remove());
    const [known = this.#nobody] = this.#rows.values();
    let index = 0;
    for await (const line of known?.lines() ?? []) {
      const time = Number(line.split('\t', this.#format.timeColumn + 1)[this.#format.timeColumn]);
      await rows.add(`${this.#format.row(++index, time, undefined)}\n`);
    }
    opened.keep();
    return rows;
  }

  async #open(whose: number | 'nobody'): Promise<TextFile> {
    return TextFile.create(rowsFile(`${this.#stem}.${this.#format.suffix}`, whose));
  }

  async #removeRows(): Promise<void> {
    const all = [this.#nobody, ...this.#rows.values()];
    this.#nobody = undefined;
    await settleAll(all.map(rows => rows?.remove()));
  }
}
