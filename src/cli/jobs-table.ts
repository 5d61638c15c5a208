import { megabytes } from '../analyze/memory-guard.js';
import type { JobEntry } from '../batch/ledger/job.js';
import { padded, shortened, widthOf } from '../text/width.js';
import { duration } from './durations.js';
import { localMinute } from './local-time.js';
import { paintedState, type StyledLine } from './styled.js';

const BETWEEN = '  ';
/** Fewest columns for a name; narrower names say little, so other columns are dropped first. */
const LEAST_NAME = 24;

interface Column {
  readonly head: string;
  readonly columns: number;
  readonly isNumber?: boolean;
  /** If the table is too wide, columns with the highest number are dropped first; 0 stays. */
  readonly rank: number;
  text(job: JobEntry): string;
}

const COLUMNS: readonly Column[] = [
  { head: 'id', columns: 5, isNumber: true, rank: 1, text: ({ id }) => (id === 0 ? '' : String(id)) },
  { head: 'state', columns: 11, rank: 0, text: ({ state }) => state },
  { head: 'frames', columns: 7, isNumber: true, rank: 4, text: ({ frames }) => (frames ? String(frames.decoded) : '') },
  { head: 'found', columns: 7, isNumber: true, rank: 3, text: ({ frames }) => (frames ? foundShare(frames) : '') },
  {
    head: 'took',
    columns: 12,
    isNumber: true,
    rank: 5,
    text: ({ wallSeconds }) => (wallSeconds === null ? '' : duration(wallSeconds)),
  },
  {
    head: 'memory',
    columns: 8,
    isNumber: true,
    rank: 6,
    text: ({ peakMemory }) => (peakMemory === null ? '' : megabytes(peakMemory)),
  },
  { head: 'ended', columns: 16, rank: 2, text: ({ endedAt }) => (endedAt === null ? '' : localMinute(endedAt)) },
];

/** Share of the frames with a person. */
function foundShare({ decoded, missing }: NonNullable<JobEntry['frames']>): string {
  if (decoded === 0) return '';
  const found = decoded - missing;
  return found === decoded ? '100 %' : `${Math.min(99.9, (100 * found) / decoded).toFixed(1)} %`;
}

/** A table of videos, written row by row, since it may have a hundred thousand. */
export class JobsTable {
  readonly #columns: readonly Column[];
  readonly #nameColumns: number;

  /** @param columns of the terminal; undefined for a pipe, where nothing is shortened */
  constructor(columns: number | undefined) {
    const fitting = [...COLUMNS];
    const room = () => (columns ?? Number.POSITIVE_INFINITY) - widthOfAll(fitting);
    while (room() < LEAST_NAME && fitting.some(({ rank }) => rank > 0)) {
      const last = Math.max(...fitting.map(({ rank }) => rank));
      fitting.splice(
        fitting.findIndex(({ rank }) => rank === last),
        1,
      );
    }
    this.#columns = fitting;
    this.#nameColumns = Math.max(1, room());
  }

  get head(): string {
    return [...this.#columns.map(column => aligned(column, column.head)), 'video'].join(BETWEEN);
  }

  row(job: JobEntry): StyledLine {
    const cells = this.#columns.flatMap(column => {
      const text = aligned(column, column.text(job));
      return [column.head === 'state' ? paintedState(job.state, text) : text, BETWEEN];
    });
    return { spans: [...cells, shortened(job.name, this.#nameColumns)] };
  }

  /** Why a video has no results, or who analyses it, below its row; empty for the others. */
  reason({ state, error, runner, startedAt }: JobEntry): string[] {
    if (state === 'running' && runner)
      return [`${' '.repeat(Math.min(7, this.#nameColumns))}${whose(runner, startedAt)}`];
    if ((state !== 'failed' && state !== 'interrupted') || !error) return [];
    const indent = ' '.repeat(Math.min(7, this.#nameColumns));
    const remedy = error.remedy === null ? [] : [`${indent}${error.remedy}`];
    return [`${indent}${error.code}: ${error.message}`, ...remedy];
  }
}

/** `process 4711 on node7, since 2026-11-26 14:02` */
function whose({ pid, host }: NonNullable<JobEntry['runner']>, startedAt: number | null): string {
  return `process ${pid} on ${host}${startedAt === null ? '' : `, since ${localMinute(startedAt)}`}`;
}

function widthOfAll(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + column.columns + BETWEEN.length, 0);
}

function aligned({ columns, isNumber = false }: Column, text: string): string {
  return isNumber ? ' '.repeat(Math.max(0, columns - widthOf(text))) + text : padded(text, columns);
}
