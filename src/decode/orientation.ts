import type { Orientation } from '../model/frame.js';

/** As it is stored. */
export const UPRIGHT: Orientation = { clockwise: 0, mirrored: false };

/** The nine numbers of a display matrix as printed by ffprobe, row by row, with offsets before each row. */
export function parseDisplayMatrix(text: string): number[] | undefined {
  const rows = text
    .split('\n')
    .map(line => line.replace(/^[0-9a-f]+:/i, '').trim())
    .filter(line => line !== '');
  const values = rows.flatMap(row => row.split(/\s+/).map(Number));
  return values.length === 9 && values.every(Number.isFinite) ? values : undefined;
}

/**
 * The rotation (to the nearest quarter turn) and mirroring that a display matrix asks for. ffmpeg's layout
 * (libavutil/display.h): a stored point (x, y) is shown at (a x + c y, b x + d y) for rows (a b u), (c d v), (x y w); y
 * points down.
 */
export function orientationOf(matrix: readonly number[]): Orientation {
  const [a = 1, b = 0, , c = 0, d = 1] = matrix;
  const mirrored = a * d - b * c < 0;
  // A mirrored matrix is a rotation followed by a flip of x: undo the flip to find the rotation.
  const degrees = (Math.atan2(b, mirrored ? -a : a) * 180) / Math.PI;
  const quarters = ((Math.round(degrees / 90) % 4) + 4) % 4;
  return { clockwise: ([0, 90, 180, 270] as const)[quarters] ?? 0, mirrored };
}

/** ffmpeg filters that turn a stored picture upright. */
export function orientationFilters({ clockwise, mirrored }: Orientation): string[] {
  const turn = { 0: [], 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] }[clockwise];
  return mirrored ? [...turn, 'hflip'] : turn;
}

/** Whether width and height are exchanged. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation.clockwise === 90 || orientation.clockwise === 270;
}
