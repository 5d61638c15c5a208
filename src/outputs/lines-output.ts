import { createHash, type Hash } from 'node:crypto';
import { anglesFormat } from '../formats/angles-format.js';
import { inDialect } from '../formats/csv-dialect.js';
import { csvFormat, type DisplaySize } from '../formats/csv-writer.js';
import type { LineFormat } from '../formats/line-format.js';
import { ndjsonFormat } from '../formats/ndjson-writer.js';
import type { TableFrame } from '../model/table-frame.js';
import type { AngleTurns } from '../signal/unwrapped-angles.js';
import { hashOfBeginning } from '../system/file-hash.js';
import { openOutput } from '../system/growing-output.js';
import { OpenStack } from '../system/open-stack.js';
import { type GrowingOutput, partialPath } from '../system/whole-file.js';
import { firstPath } from './first-path.js';
import type { Output, OutputKind, OutputState } from './output.js';
import type { WantedOutputs } from './wanted-outputs.js';

interface LinesState extends OutputState {
  readonly turns?: AngleTurns;
}

/** Writes lines while frames are read: the operating system has each frame's lines before the next frame's. */
class LinesOutput implements Output<'table'> {
  readonly #output: GrowingOutput;
  readonly #format: LineFormat;
  /** Hash of everything written: a run that continues the file can check whether it is unchanged. */
  readonly #hash: Hash;

  private constructor(output: GrowingOutput, format: LineFormat, hash: Hash) {
    this.#output = output;
    this.#format = format;
    this.#hash = hash;
  }

  /** @param path `-` for stdout @param resume where to continue the file */
  static async create(path: string, format: LineFormat, resume: OutputState | undefined): Promise<LinesOutput> {
    await using opened = new OpenStack();
    const output = opened.add(await openOutput(path, resume?.bytes));
    const hash = resume ? await hashOfBeginning(partialPath(path), resume.bytes) : createHash('sha256');
    const lines = new LinesOutput(output, format, hash);
    if (!resume && format.head !== '') await lines.#append(format.head);
    opened.keep();
    return lines;
  }

  async write(frame: TableFrame): Promise<void> {
    await this.#append(this.#format.lines(frame));
  }

  get state(): LinesState {
    const { turns } = this.#format;
    const known = { bytes: this.#output.bytes, sha256: this.#hash.copy().digest('hex') };
    return turns === undefined ? known : { ...known, turns };
  }

  async #append(text: string): Promise<void> {
    await this.#output.append(text);
    this.#hash.update(text);
  }

  async finish(): Promise<void> {
    await this.#output.close();
  }

  async publish(): Promise<readonly string[]> {
    await this.#output.publish();
    return [this.#output.path];
  }

  async abandon(): Promise<void> {
    await this.#output.close();
  }
}

/** @param place its destination, if requested */
function linesKind(
  name: string,
  suffix: string,
  place: (options: WantedOutputs) => string | undefined,
  format: (display: DisplaySize, options: WantedOutputs, before: LinesState | undefined) => LineFormat,
  decidedBy: OutputKind['decidedBy'] = [],
): OutputKind<'table'> {
  return {
    name,
    needs: 'table',
    phase: 'reads',
    resumes: true,
    stage: name,
    decidedBy,
    files: (stem, options) => {
      const path = place(options);
      if (path === undefined) return [];
      return [path === 'auto' ? { path: `${stem}${suffix}`, role: 'grows' } : { path, role: 'grows', option: name }];
    },
    open: ({ files, display, options, resume }) =>
      LinesOutput.create(firstPath(files), format(display, options, resume), resume),
  };
}

/** The landmark table. */
export const CSV = linesKind(
  'csv',
  '.csv',
  options => options.csv,
  (_, { csvLayout, csvDialect }) => inDialect(csvFormat(csvLayout), csvDialect),
  ['csvLayout', 'csvDialect'],
);
export const NDJSON = linesKind('ndjson', '.ndjson', options => options.ndjson, ndjsonFormat);
/** `NAME.angles.csv`. */
export const ANGLES = linesKind(
  'angles',
  '.angles.csv',
  options => (options.angles ? 'auto' : undefined),
  (display, { csvDialect }, before) => inDialect(anglesFormat(display, before?.turns), csvDialect),
  ['csvDialect'],
);
