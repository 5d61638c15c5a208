import { stringify } from 'csv-stringify/sync';
import { DECIMALS, fixed } from '../../formats/csv-writer.js';
import type { Measurement } from '../../signal/measures/measurement.js';
import type { PersonMeasures } from './person-measures.js';

const COLUMNS = ['person_id', 'measure', 'value', 'unit', 'uncertainty', 'from', 'to', 'note'] as const;
/** A tenth of a millimetre is far below a measurement's accuracy. */
const VALUE_DECIMALS = 4;

/** The table's first line. */
export function measuresHead(): string {
  return stringify([[...COLUMNS]]);
}

/** One row for each person and measurement; uncertainties are one standard deviation. */
export function measuresTable(people: readonly PersonMeasures[]): string {
  const rows = people.flatMap(({ id, measured }) => measured.map(row => cells(id, row)));
  return measuresHead() + stringify(rows);
}

function cells(id: number, { measure, value, unit, uncertainty, from, to, note }: Measurement) {
  const time = (seconds: number) => fixed(seconds, DECIMALS.timestamp);
  const number = (cell: number) => fixed(cell, VALUE_DECIMALS);
  return [id, measure, number(value), unit, number(uncertainty), time(from), time(to), note];
}

/** The text about one person. */
export function measuresText({ id, measured }: PersonMeasures): string[] {
  const width = Math.max(...measured.map(({ measure }) => measure.length));
  let span = '';
  return measured.flatMap(({ measure, value, unit, uncertainty, from, to, note }) => {
    const now = `${from.toFixed(2)} to ${to.toFixed(2)} s`;
    const heading = measure === 'scale' ? [`person ${id}, ${now} (each with 1 SD)`] : [];
    const when = measure === 'scale' || now === span ? '' : `${now}; `;
    if (measure === 'scale') span = now;
    const [shown, error] = rounded(value, uncertainty);
    const line = `  ${measure.replaceAll('_', ' ').padEnd(width)}  ${shown} ± ${error} ${unit}`;
    const about = `${when}${note}`.replace(/; $/, '');
    return [...heading, about === '' ? line : `${line}  (${about})`];
  });
}

/** Both with the decimals of a two-digit uncertainty. */
function rounded(value: number, uncertainty: number): [string, string] {
  const decimals = uncertainty > 0 ? Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(uncertainty)))) : 2;
  return [fixed(value, decimals), fixed(uncertainty, decimals)];
}
