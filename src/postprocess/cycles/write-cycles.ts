import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkTable } from '../../formats/check-table.js';
import { type CsvDialect, toEuropean } from '../../formats/csv-dialect.js';
import { CYCLES_MARK, isOwnPlot } from '../../outputs/plots/own-plot.js';
import { claimOutputs, NAME_ANOTHER, type Writing } from '../../system/claim-outputs.js';
import { collectGarbage } from '../../system/collect-garbage.js';
import { readStart } from '../../system/own-file.js';
import { partialPath, publish, writePartial } from '../../system/whole-file.js';
import { CYCLE_TABLES, type CycleTable, cycleTable, cycleTableHead } from './cycle-tables.js';
import { findCycles, type KeptCycles } from './find-cycles.js';
import type { CycleOptions } from './person-cycles.js';

const PICTURES = ['cycles.svg', 'cycles.png'] as const;

/** The cycles found, and the files written. */
export interface WrittenCycles extends KeptCycles {
  /** Empty if no person has a cycle. */
  readonly files: readonly string[];
}

export interface WriteCyclesOptions extends CycleOptions {
  /** Joints of lower confidence count as unseen, 0-1. */
  readonly minConfidence: number;
  /** Whether to draw the pictures. */
  readonly plots: boolean;
  /** Dialect of the written tables; undefined: plain. */
  readonly csvDialect?: CsvDialect | undefined;
}

/**
 * Finds the cycles of all people in a landmark file and writes them: events, cycles, mean curves, and their plots. If
 * no person has any, nothing is written.
 * @param stem path of the results without suffix: `results/walk`
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`
 */
export async function writeCycles(
  input: string,
  stem: string,
  options: WriteCyclesOptions,
  writing: Writing = {},
): Promise<WrittenCycles> {
  await checkTable(input); // A wrong path should leave no files.
  const names = [...(Object.keys(CYCLE_TABLES) as CycleTable[]), ...(options.plots ? PICTURES : [])];
  const files = names.map(name => `${stem}.${name}`);
  await using _claim = await claimOutputs({
    ...writing,
    outputs: files,
    inputs: [input],
    isOwn: async path => writing.replaceOwn === true && (await isOwn(path, stem)),
    unwritable: NAME_ANOTHER,
  });
  const found = await findCycles(input, options, options.minConfidence, writing.signal).then(kept);
  if (found.people.every(person => typeof person.found === 'string')) return { ...found, files: [] };
  try {
    for (const name of Object.keys(CYCLE_TABLES) as CycleTable[]) {
      const lines = cycleTable(name, found);
      await writePartial(`${stem}.${name}`, options.csvDialect === undefined ? lines : europeans(lines));
    }
    if (options.plots) await writePictures(stem, found);
    writing.signal?.throwIfAborted();
    for (const file of files) await publish(file);
  } catch (error) {
    for (const file of files) await rm(partialPath(file), { force: true }).catch(() => {}); // The first failure counts.
    throw error;
  }
  return { ...found, files };
}

/** @param pieces whole lines */
function* europeans(pieces: Iterable<string>): Generator<string> {
  for (const piece of pieces) yield toEuropean(piece);
}

/** Without the series of the table, whose memory is then free while files are written. */
function kept({ people, frameIds, times, leaps }: KeptCycles): KeptCycles {
  return { people, frameIds, times, leaps };
}

async function writePictures(stem: string, found: KeptCycles): Promise<void> {
  collectGarbage(); // Frees the series of a long table before drawing takes as much.
  const { cyclesSvg } = await import('./cycle-plots.js');
  const { rasterize } = await import('../../outputs/plots/plot-sheet.js');
  const svg = cyclesSvg(basename(stem), found) ?? '';
  await writePartial(`${stem}.cycles.svg`, svg);
  await writePartial(`${stem}.cycles.png`, await rasterize(svg, 'the plot (skip it with --no-plots)'));
}

/** Whether an earlier call wrote a file with this name. */
async function isOwn(path: string, stem: string): Promise<boolean> {
  const name = path.slice(`${stem}.`.length).replace(/\.partial$/, '');
  if (PICTURES.some(picture => picture === name)) return isOwnPlot(path.replace(/\.partial$/, ''), CYCLES_MARK);
  if (!Object.hasOwn(CYCLE_TABLES, name)) return false;
  const head = cycleTableHead(name as CycleTable);
  const start = await readStart(path, Buffer.byteLength(head));
  return start === head || start === toEuropean(head);
}
