import { type Html, html } from '../text/html.js';

/** A status of a frame on the page: its digit in rows, its name, and the height of its mark in a row. */
interface Status {
  readonly code: number;
  readonly name: string;
  /** Pixels of `ROW_PX`: colours alone must not carry the meaning. */
  readonly height: number;
}

const ROW_PX = 16;

/** In the legend's order. Their colours are `--s0` to `--s6` of the style. */
const STATUSES: readonly Status[] = [
  { code: 2, name: 'tracked', height: 12 },
  { code: 1, name: 'newly detected', height: 16 },
  { code: 4, name: 'found on retry', height: 9 },
  { code: 3, name: 'filled between neighbours', height: 6 },
  { code: 0, name: 'missing', height: 3 },
  { code: 5, name: 'left and right swapped', height: 16 },
  { code: 6, name: 'absent (before the first or after the last pose)', height: 1.5 },
];

export const SWAPPED = 5;

/** One row: for each status a shape, as wide as its bins. @param digits a status for each bin; a space: nothing */
export function statusRow(digits: string, label: string): Html {
  const shapes = STATUSES.flatMap(({ code, height }) => {
    const shape = shapeOf(digits, String(code), height);
    return shape === '' ? [] : [html`<path class="s${code}" d="${shape}"/>`];
  });
  const box = `0 0 ${Math.max(1, digits.length)} ${ROW_PX}`;
  return html`<svg class="row" viewBox="${box}" preserveAspectRatio="none" role="img" aria-label="${label}">${shapes}</svg>`;
}

function shapeOf(digits: string, digit: string, height: number): string {
  const top = (ROW_PX - height) / 2;
  let shape = '';
  for (let from = digits.indexOf(digit); from >= 0; ) {
    let to = from + 1;
    while (digits[to] === digit) to++;
    shape += `M${from} ${top}H${to}v${height}H${from}z`;
    from = digits.indexOf(digit, to);
  }
  return shape;
}

/** The statuses that occur in some rows, with their marks. */
export function statusLegend(rows: readonly string[]): Html {
  const shown = STATUSES.filter(({ code }) => rows.some(digits => digits.includes(String(code))));
  return html`<ul class="legend">${shown.map(
    ({ code, name, height }) =>
      html`<li><svg width="14" height="${ROW_PX}" aria-hidden="true"><rect class="s${code}" y="${(ROW_PX - height) / 2}" width="14" height="${height}"/></svg>${name}</li>`,
  )}</ul>`;
}

/** `tracked in 57 frames, newly detected in 3`. @param frames by status */
export function statusesInWords(frames: Readonly<Record<number, number>>): string {
  const parts = STATUSES.flatMap(({ code, name }) => (frames[code] ? [{ name, count: frames[code] }] : []));
  return parts
    .map(({ name, count }, i) => `${name} in ${count}${i === 0 ? (count === 1 ? ' frame' : ' frames') : ''}`)
    .join(', ');
}
