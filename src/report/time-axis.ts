import { type Html, html } from '../text/html.js';
import type { Span } from './bins.js';

const MOST_TICKS = 6;
/** Readable steps between ticks, in seconds. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
const [MINUTE, HOUR] = [60, 3600];
/** From this percentage on, a label ends at its tick, to stay inside the drawing. */
const NEAR_THE_END = 92;

/** A moment as a clock shows it: `1.5 s`, `2:05`, `1:02:05`. */
export function clockText(seconds: number): string {
  if (Math.abs(seconds) < MINUTE) return `${Number(seconds.toFixed(2))} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / HOUR), Math.floor((whole % HOUR) / MINUTE)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % MINUTE)}` : `${minutes}:${two(whole % MINUTE)}`;
}

/** Moments in seconds between the start and the end at which a time axis has labels: at most six. */
export function ticksOf({ start, seconds }: Span): number[] {
  const step = STEPS.find(each => seconds / each <= MOST_TICKS - 1) ?? seconds / (MOST_TICKS - 1);
  const first = Math.ceil(start / step - 1e-9);
  const last = Math.floor((start + seconds) / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** A time axis below rows of equal width; it fills the available width. */
export function timeAxis(span: Span): Html {
  const ticks = ticksOf(span).map(at => {
    const percent = (100 * (at - span.start)) / span.seconds;
    const x = `${percent.toFixed(2)}%`;
    const anchor = percent < 1 ? 'start' : percent > NEAR_THE_END ? 'end' : 'middle';
    return html`<line x1="${x}" x2="${x}" y1="0" y2="4"/><text x="${x}" y="16" text-anchor="${anchor}">${clockText(at)}</text>`;
  });
  return html`<svg class="axis" width="100%" height="20" aria-hidden="true">${ticks}</svg>`;
}
