import { type Html, html } from '../text/html.js';

/** A video's time in few bins, for a line among many. */
export interface Strip {
  /** The worst status of each bin, as a digit. */
  readonly worst: string;
  /** Mean score of each bin, 0-1. */
  readonly scores: readonly number[];
}

const BINS = 240;
/** From the worst: missing, swapped, filled, found by a retry, newly found, followed. */
const ORDER = ['0', '5', '3', '4', '1', '2'];

/** @param statuses a digit for each frame @param scores 0-255 for each frame */
export function stripOf(statuses: string, scores: readonly number[]): Strip {
  const bins = Math.min(BINS, statuses.length);
  const parts = Array.from({ length: bins }, (_, bin) => {
    const from = Math.floor((bin * statuses.length) / bins);
    return [from, Math.max(from + 1, Math.floor(((bin + 1) * statuses.length) / bins))] as const;
  });
  return {
    worst: parts.map(([from, to]) => ORDER.find(code => statuses.slice(from, to).includes(code)) ?? '2').join(''),
    scores: parts.map(
      ([from, to]) => scores.slice(from, to).reduce((sum, score) => sum + score, 0) / (to - from) / 255,
    ),
  };
}

const SCORE_PX = 14;
const BAND_PX = 8;

/** The score as a curve above, the status as a band below. */
export function drawStrip({ worst, scores }: Strip): Html {
  const rects: Html[] = [];
  for (let from = 0; from < worst.length; ) {
    let to = from + 1;
    while (to < worst.length && worst[to] === worst[from]) to++;
    rects.push(
      html`<rect x="${from}" y="${SCORE_PX}" width="${to - from}" height="${BAND_PX}" class="s${worst[from]}"/>`,
    );
    from = to;
  }
  const points = scores.map((score, i) => `${i + 0.5},${((SCORE_PX - 2) * (1 - score) + 1).toFixed(1)}`).join(' ');
  const box = `0 0 ${Math.max(1, worst.length)} ${SCORE_PX + BAND_PX}`;
  return html`<svg class="strip" viewBox="${box}" preserveAspectRatio="none" role="img" aria-label="score and status over time"><polyline points="${points}"/>${rects}</svg>`;
}
