import type { AccuracyRow } from './report.js';

const SIZE = { width: 860, height: 300, left: 56, right: 16, top: 34, bottom: 58 } as const;
const COLOURS = ['#2563c9', '#d9480f', '#2b8a3e', '#862e9c', '#b08900', '#0b7285'];
/** Errors above this many torso lengths are drawn at the top. */
const CEILING = 0.6;
const RIGHT = 0.25;

const plotWidth = SIZE.width - SIZE.left - SIZE.right;
const plotHeight = SIZE.height - SIZE.top - SIZE.bottom;
const across = (time: number, end: number) => SIZE.left + (plotWidth * time) / end;
const up = (error: number) => SIZE.top + plotHeight * (1 - Math.min(error, CEILING) / CEILING);

/** The pieces of a curve between missing frames, as SVG polylines; single points as dots. */
function curve(errors: readonly (number | null)[], times: readonly number[], colour: string): string {
  const end = times.at(-1) || 1;
  const pieces: string[][] = [[]];
  for (const [i, error] of errors.entries()) {
    if (error === null) pieces.push([]);
    else pieces.at(-1)?.push(`${across(times[i]!, end).toFixed(1)},${up(error).toFixed(1)}`);
  }
  return pieces
    .filter(points => points.length > 0)
    .map(points =>
      points.length === 1
        ? `<circle cx="${points[0]!.split(',')[0]}" cy="${points[0]!.split(',')[1]}" r="1.6" fill="${colour}"/>`
        : `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.6"/>`,
    )
    .join('');
}

/** Marks below the axis for frames without a pose. */
function missingMarks(
  errors: readonly (number | null)[],
  times: readonly number[],
  colour: string,
  row: number,
): string {
  const end = times.at(-1) || 1;
  const y = SIZE.top + plotHeight + 5 + row * 6;
  return errors
    .map((error, i) =>
      error === null
        ? `<rect x="${(across(times[i]!, end) - 1.5).toFixed(1)}" y="${y}" width="3" height="4" fill="${colour}"/>`
        : '',
    )
    .join('');
}

function axes(end: number): string {
  const grid = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map(
    value =>
      `<line x1="${SIZE.left}" x2="${SIZE.width - SIZE.right}" y1="${up(value)}" y2="${up(value)}" stroke="#e3e3e3"/>` +
      `<text x="${SIZE.left - 6}" y="${up(value) + 4}" text-anchor="end">${value}</text>`,
  );
  const seconds = Array.from({ length: Math.floor(end) + 1 }, (_, s) => s).map(
    s => `<text x="${across(s, end)}" y="${SIZE.height - 8}" text-anchor="middle">${s} s</text>`,
  );
  const bar = `<line x1="${SIZE.left}" x2="${SIZE.width - SIZE.right}" y1="${up(RIGHT)}" y2="${up(RIGHT)}" stroke="#c92a2a" stroke-dasharray="5 4"/>`;
  return grid.join('') + seconds.join('') + bar;
}

/**
 * A clip's error over time as SVG, one colour for each way of analysing it; squares below the axis are frames without a
 * pose.
 */
export function errorPlot(rows: readonly AccuracyRow[], times: readonly number[]): string {
  const clip = rows[0]?.clip ?? '';
  const curves = rows.flatMap(({ score: { series } }, way) =>
    series.map(errors => {
      const colour = COLOURS[way % COLOURS.length]!;
      return curve(errors, times, colour) + missingMarks(errors, times, colour, way);
    }),
  );
  const legend = rows.map(({ engine, mode, score }, way) => {
    const text = `${engine} ${mode}: ${score.right} of ${score.wanted} right`;
    const x = SIZE.left + 250 + way * 190;
    return `<rect x="${x}" y="12" width="10" height="10" fill="${COLOURS[way % COLOURS.length]}"/><text x="${x + 14}" y="21">${text}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="${SIZE.left}" y="21" font-weight="bold" font-size="13">${clip}: mean error / torso</text>`,
    axes(times.at(-1) || 1),
    ...legend,
    ...curves,
    '</svg>',
  ].join('\n');
}
