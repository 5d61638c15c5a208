import { join } from 'node:path';
import type { RunRecord } from '../model/run-record.js';
import { shellWord } from '../text/shell.js';
import type { Sighting } from './who-is-there.js';

/** The parts of a command that follows one person of this video: the page's script inserts a position between them. */
export interface FollowCommand {
  /** `bodyscript analyze walk.mp4 --rotate 90`. */
  readonly begins: string;
  /** The folder of its results; a person's own below it is named after the place. */
  readonly folder: string;
  /** Pixels of the displayed video. */
  readonly width: number;
  readonly height: number;
  readonly timeScale: number;
  /** Origin of `--start`, in seconds of the file. */
  readonly firstTimestamp: number;
}

/** Options that affect the video's pictures and times: their fields in a record, and their spelling. */
const CARRIED = {
  rotate: (value: unknown) => `--rotate ${shellWord(String(value))}`,
  mirror: () => '--mirror',
  deinterlace: (value: unknown) => `--deinterlace ${shellWord(String(value))}`,
  videoStream: (value: unknown) => `--video-stream ${shellWord(String(value))}`,
  inputFormat: (value: unknown) => `--input-format ${shellWord(String(value))}`,
  timeScale: (value: unknown) => `--time-scale ${shellWord(String(value))}`,
} as const;

export function followCommand({ input, options }: RunRecord): FollowCommand {
  const source = options.source as Readonly<Record<string, unknown>>;
  const outputs = options.outputs as { readonly outDir?: unknown };
  const given = Object.entries(CARRIED).flatMap(([name, written]) => {
    const value = source[name];
    return value === null || value === undefined || value === false ? [] : [written(value)];
  });
  const { displayWidth, displayHeight } = input.video;
  return {
    begins: ['bodyscript analyze', shellWord(input.path), ...given].join(' '),
    folder: typeof outputs.outDir === 'string' ? outputs.outDir : 'results',
    width: displayWidth,
    height: displayHeight,
    timeScale: input.timeScale,
    firstTimestamp: input.firstTimestamp ?? 0,
  };
}

/** Where `--person` looks for a person, in whole pixels: at the edge for a person cut off at the waist. */
export function placeOf({ width, height }: FollowCommand, { x, y }: Sighting): { x: number; y: number } {
  const within = (at: number, size: number) => Math.min(Math.max(Math.round(at), 0), size - 1);
  return { x: within(x, width), y: within(y, height) };
}

/** The command that follows a person from their first sighting. */
export function lineOf(command: FollowCommand, sighting: Sighting): string {
  const { x, y } = placeOf(command, sighting);
  const start = sighting.isFirst ? '' : ` --start ${startOf(command, sighting.at)}`;
  const folder = shellWord(join(command.folder, `person-${sighting.personId}`));
  return `${command.begins} --person ${x},${y}${start} -o ${folder}`;
}

const THOUSANDTHS = 1000;

/** Seconds of the file since its first frame, not later than the frame itself. @param at a time of the table */
function startOf({ timeScale, firstTimestamp }: FollowCommand, at: number): string {
  // A millionth: times in tables are rounded to it.
  const seconds = Math.max(0, at / timeScale - firstTimestamp) + 1e-6;
  return String(Math.floor(seconds * THOUSANDTHS) / THOUSANDTHS);
}
