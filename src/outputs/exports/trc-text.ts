import type { HeadFacts } from './opensim-file.js';

export const TRC_DECIMALS = 6;
/** OpenSim drops the last cell of a row if it is empty, and then rejects the row. */
const EMPTY_LAST_CELL = 'nan';

/** The header of a TRC file, in metres. */
export function trcHead({ name, frames, rate: usual }: HeadFacts, markers: readonly string[]): string {
  const rate = usual.toFixed(2);
  return [
    ['PathFileType', 4, '(X/Y/Z)', name],
    [
      'DataRate',
      'CameraRate',
      'NumFrames',
      'NumMarkers',
      'Units',
      'OrigDataRate',
      'OrigDataStartFrame',
      'OrigNumFrames',
    ],
    [rate, rate, frames, markers.length, 'm', rate, 1, frames],
    ['Frame#', 'Time', ...markers.flatMap(marker => [marker, '', ''])],
    ['', '', ...markers.flatMap((_, i) => [`X${i + 1}`, `Y${i + 1}`, `Z${i + 1}`])],
    [],
  ]
    .map(cells => `${cells.join('\t')}\n`)
    .join('');
}

/** A row without its line end. @param index 1-based @param cells x, y and z of each marker; empty if unknown */
export function trcRow(index: number, seconds: number, cells: readonly string[]): string {
  return [index, seconds.toFixed(TRC_DECIMALS), ...cells.slice(0, -1), cells.at(-1) || EMPTY_LAST_CELL].join('\t');
}
