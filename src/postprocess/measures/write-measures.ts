import { BodyscriptError, UsageError } from '../../errors.js';
import { checkTable } from '../../formats/check-table.js';
import { type CsvDialect, toEuropean } from '../../formats/csv-dialect.js';
import { groundAxes, type PictureLine } from '../../signal/measures/ground-axes.js';
import { claimOutputs, NAME_ANOTHER, type Writing } from '../../system/claim-outputs.js';
import { openOutput } from '../../system/growing-output.js';
import { readStart } from '../../system/own-file.js';
import { measuresHead, measuresTable } from './measures-table.js';
import { type MeasureOptions, type PersonMeasures, personMeasures } from './person-measures.js';
import { type PlaceOptions, readPlaces, type TablePlaces } from './read-places.js';

/** The suffix of tables from `bodyscript filter`. */
const FILTERED = /\.filtered\.(csv|ndjson)$/;

/** How to measure a table. */
export interface MeasuringOptions extends Omit<MeasureOptions, 'isFiltered'>, Omit<PlaceOptions, 'axes'> {
  /** A line that is horizontal in reality; undefined: the picture's horizontal. */
  readonly ground: PictureLine | undefined;
  /** Dialect of the written file; undefined: plain. */
  readonly csvDialect?: CsvDialect | undefined;
}

/** The measurements, and the written file. */
export interface Measured {
  readonly people: readonly PersonMeasures[];
  /** Jumps of the table's clock in words; undefined if none exist. */
  readonly leaps: string | undefined;
}

/**
 * Measures the people of a landmark file in metres, each value with its uncertainty, and writes one row for each value.
 * @param output path of the CSV; `-` for stdout
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`, `OUTPUT_TAKEN`, `OUTPUT_BUSY`;
 * UsageError for points outside the picture
 */
export async function writeMeasures(
  input: string,
  output: string,
  options: MeasuringOptions,
  writing: Writing = {},
): Promise<Measured> {
  await checkTable(input); // A wrong path should leave no files.
  const head = measuresHead();
  await using _claim = await claimOutputs({
    ...writing,
    outputs: [output],
    inputs: [input],
    isOwn: async path =>
      writing.replaceOwn === true && [head, toEuropean(head)].includes(await readStart(path, head.length)),
    unwritable: NAME_ANOTHER,
  });
  const { scale, ground, csvDialect, ...places } = options;
  const table = await readPlaces(input, { ...places, axes: groundAxes(ground) }, writing.signal);
  if (table.people.length > 0 && !table.picture) {
    throw new BodyscriptError('TABLE_INVALID', `${input}: has no pixel coordinates (x_px, y_px)`, {
      remedy: 'Give a table with all columns, as "bodyscript analyze" or "filter" wrote it.',
    });
  }
  if (scale.kind === 'line') refuseOutside('--calibrate', scale.line, table);
  if (ground) refuseOutside('--ground', ground, table);
  const people = table.people.map(person => {
    writing.signal?.throwIfAborted();
    return personMeasures(person, table, { ...options, isFiltered: FILTERED.test(input) });
  });
  const file = await openOutput(output);
  try {
    const text = measuresTable(people);
    await file.append(csvDialect === undefined ? text : toEuropean(text));
    await file.close();
    await file.publish();
  } catch (error) {
    await file.remove().catch(() => {}); // Only the first failure counts.
    throw error;
  }
  return { people, leaps: table.leaps };
}

/** Points from another picture, or from this one at another size, would silently give a wrong scale. */
function refuseOutside(option: string, { x1, y1, x2, y2 }: PictureLine, { picture }: TablePlaces): void {
  if (!picture) return;
  const { width, height } = picture;
  const isIn = (x: number, y: number) => x >= 0 && y >= 0 && x <= width && y <= height;
  if (isIn(x1, y1) && isIn(x2, y2)) return;
  throw new UsageError(
    `${option}: a point is outside the frame of ${width}x${height} pixels`,
    'Give pixels of the video as displayed, like x_px and y_px.',
  );
}
