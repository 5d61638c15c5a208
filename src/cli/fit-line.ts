import { padded, shortened, widthOf } from '../text/width.js';

/** A piece of a line. */
export interface Piece {
  readonly text: string;
  /** If the line is too narrow, pieces with the highest number are dropped first; 0 stays. */
  readonly rank: number;
}

const BETWEEN = '  ';
/** Fewest columns for a name: shorter ones say nothing. */
const SHORTEST_NAME = 10;
const BAR_COLUMNS = 20;

/**
 * Makes a line of pieces fit: drops the least important ones, then shortens the name in its middle. @param name safe to
 * show @param nameColumns minimum width of the name, to align several lines
 */
export function fitLine(name: string, pieces: readonly Piece[], columns: number, nameColumns = 0): string {
  const kept = [...pieces];
  const wanted = Math.max(widthOf(name), nameColumns);
  const least = Math.min(wanted, SHORTEST_NAME);
  for (;;) {
    const rest = kept.map(({ text }) => BETWEEN + text).join('');
    const room = columns - widthOf(rest);
    const last = Math.max(...kept.map(({ rank }) => rank));
    if (room >= least || last <= 0) {
      const shown = padded(shortened(name, Math.max(0, Math.min(room, wanted))), Math.min(room, nameColumns));
      return shown === '' ? rest.trimStart() : shown + rest;
    }
    kept.splice(
      kept.findIndex(({ rank }) => rank === last),
      1,
    );
  }
}

/** `████████░░░░░░░░░░░░`. @param share 0-1 */
export function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_COLUMNS);
  return '█'.repeat(full) + '░'.repeat(BAR_COLUMNS - full);
}

/** ` 45 %`. @param share 0-1 */
export function percent(share: number): string {
  return `${Math.floor(100 * Math.min(1, share))} %`.padStart(5);
}
