import { basename, dirname, join } from 'node:path';
import type { FilterNote } from '../formats/filter-note.js';
import type { Quality } from '../model/quality.js';
import type { RunRecord, RunTimeline } from '../model/run-record.js';
import type { Writing } from '../system/claim-outputs.js';
import { recordedName } from '../system/recorded-name.js';
import { type Collected, collect } from './collect.js';
import { cyclesSection } from './cycles-section.js';
import { embeddedPicture, type PictureSuffix } from './embedded.js';
import { areNumbers } from './figures.js';
import { filesBeside, indexAddress } from './file-links.js';
import { filteringText } from './filtering.js';
import { followCommand } from './follow-command.js';
import { writePage } from './page.js';
import { checkRegular } from './regular-file.js';
import { StillFrame } from './still.js';
import type { Strip } from './strip.js';
import { SwappedFrames } from './swapped-frames.js';
import { type PagePicture, videoBody } from './video-page.js';
import { VIRIDIS } from './viridis.js';
import { WhoIsThere } from './who-is-there.js';

/** A report of one video, and its part of the index page. */
export interface VideoReport {
  readonly path: string;
  readonly record: RunRecord;
  readonly quality: Quality;
  readonly strip: Strip;
}

export interface VideoReportOptions {
  /** The results folder, outside of which no file is used; the table's folder by default. */
  readonly root?: string;
  readonly writing?: Writing;
  /** Where the page is written; beside the run's other outputs if not given. */
  readonly page?: string;
  /** Whether the table is filtered, so that its quality differs from the run's. */
  readonly isFiltered?: boolean;
  /** Whether the table may differ from the run's own: its quality is then measured, not taken from the record. */
  readonly anyTable?: boolean;
  /** How it was filtered, if known. */
  readonly filter?: FilterNote | undefined;
  /** The page of all videos, where there is one: this page links to it. */
  readonly index?: string | undefined;
  /** A picture cannot be used. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Writes the report of one run beside its table.
 * @param stem path of its outputs without suffix
 * @param record untrusted: it is validated, and escaped on display
 * @throws Unusable, or a TypeError, where the record is not one of a finished run; BodyscriptError for the table and
 * the page
 */
export async function writeVideoReport(
  stem: string,
  record: RunRecord,
  csv: string,
  options: VideoReportOptions = {},
): Promise<VideoReport> {
  const { root = dirname(stem), writing = {}, page = `${stem}.report.html`, onWarning = () => {} } = options;
  const { isFiltered = false, anyTable = false, filter, index } = options;
  // Older records lack gates, or people judged separately.
  const recorded = record.quality as Partial<Quality> | null;
  const known = recorded?.people && recorded.gates && !isFiltered && !anyTable ? (recorded as Quality) : undefined;
  const swaps = new SwappedFrames(record.options.analysis.fixSwaps ? [] : record.swaps.frames);
  const [who, still] = [new WhoIsThere(), new StillFrame()];
  using data = await collect(csv, page, { swapped: swaps.ids, withQuality: !known, watching: [who, still, swaps] });
  const quality = known ?? (data.quality as Quality);
  const title = basename(page).replace(/\.report\.html$/, '');
  const images = await pictures(root, stem, record, onWarning);
  const overlay = await overlayOf(root, stem, record);
  const cycles = await cyclesSection(csv, title, data.frames);
  const filtering = isFiltered ? filteringText(filter) : undefined;
  const body = videoBody({
    ...{ title, table: basename(csv), record, quality, data, who, still, images, overlay, cycles, filtering },
    swapped: swaps.in(data.bins),
    thumbnail: await thumbnailOf(root, stem, record, onWarning),
    index: index === undefined ? undefined : indexAddress(page, index),
    files: await filesBeside(root, csv, stem, record),
  });
  await writePage(page, `${title} - bodyscript`, [body], sharedJson(record, data), writing);
  return { path: page, record, quality, strip: data.strip };
}

/** The data for the page's script. */
function* sharedJson(record: RunRecord, data: Collected): Generator<string> {
  const { timeScale } = record.input;
  const facts = {
    kind: 'video',
    rate: rateOf(record) / timeScale,
    timeScale,
    timeline: timelineOf(record),
    seconds: data.span.seconds,
    viridis: VIRIDIS,
    follow: followCommand(record),
  };
  yield `${JSON.stringify(facts).slice(0, -1)},"data":`;
  yield* data.json();
  yield '}';
}

const USUAL_RATE = 30;

function rateOf({ input }: RunRecord): number {
  const { averageRate } = input.video;
  const rate = averageRate ? averageRate.num / averageRate.den : USUAL_RATE;
  return Number.isFinite(rate) && rate > 0 ? rate : USUAL_RATE;
}

function timelineOf({ timeline }: RunRecord): RunTimeline | null {
  const { everySeconds, frames, memory } = timeline;
  return areNumbers([everySeconds]) && areNumbers(frames) && areNumbers(memory)
    ? { everySeconds, frames, memory }
    : null;
}

/** Name of the overlay beside the table. */
async function overlayOf(root: string, stem: string, { outputs, tool }: RunRecord): Promise<string | undefined> {
  const written = outputs.find(output => output.endsWith('.overlay.mp4'));
  if (written === undefined) return undefined;
  const path = join(dirname(stem), recordedName(written, tool.platform));
  return checkRegular(root, path).then(
    () => basename(path),
    () => undefined,
  );
}

const PICTURES: readonly (readonly [PictureSuffix, PagePicture['kind']])[] = [
  ['.contact-sheet.jpg', 'photo'],
  ['.plots.svg', 'plot'],
];
const NAMES = { photo: 'contact sheet', plot: 'status, score and joint angles over time' } as const;

/** The pictures that the run wrote, for the page itself. */
async function pictures(
  root: string,
  stem: string,
  { outputs }: RunRecord,
  onWarning: (message: string) => void,
): Promise<PagePicture[]> {
  const found: PagePicture[] = [];
  for (const [suffix, kind] of PICTURES) {
    if (!outputs.some(output => output.endsWith(suffix))) continue;
    const source = await embeddedPicture(root, stem, suffix, onWarning);
    if (source !== undefined) found.push({ source, kind, name: NAMES[kind] });
  }
  return found;
}

async function thumbnailOf(
  root: string,
  stem: string,
  { outputs }: RunRecord,
  onWarning: (message: string) => void,
): Promise<string | undefined> {
  const suffix = '.thumbnail.jpg';
  return outputs.some(output => output.endsWith(suffix)) ? embeddedPicture(root, stem, suffix, onWarning) : undefined;
}
