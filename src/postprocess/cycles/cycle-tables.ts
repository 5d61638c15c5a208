import { stringify } from 'csv-stringify/sync';
import { DECIMALS, fixed } from '../../formats/csv-writer.js';
import type { KeptCycles } from './find-cycles.js';
import type { PersonGait, PersonRepetitions } from './person-cycles.js';

const EVENT_COLUMNS = ['person_id', 'kind', 'number', 'event', 'side', 'angle', 'timestamp', 'frame_id'] as const;
const CYCLE_COLUMNS = [
  'person_id',
  'kind',
  'number',
  'side',
  'angle',
  'start',
  'end',
  'start_frame_id',
  'end_frame_id',
  'seconds',
  'step_seconds',
  'stance_share',
  'swing_share',
  'double_support_share',
  'step_length_m',
  'stride_length_m',
  'speed_m_per_s',
  'turn',
  'turn_frame_id',
  'rest_degrees',
  'turn_degrees',
] as const;
const CURVE_COLUMNS = ['person_id', 'kind', 'side', 'angle', 'coordinates', 'percent', 'mean', 'sd', 'n'] as const;

/** The files of a table's cycles, by their suffix after the table's name. */
export const CYCLE_TABLES = {
  'events.csv': { head: EVENT_COLUMNS, rows: eventRows },
  'cycles.csv': { head: CYCLE_COLUMNS, rows: cycleRows },
  'cycle-curves.csv': { head: CURVE_COLUMNS, rows: curveRows },
} as const;
export type CycleTable = keyof typeof CYCLE_TABLES;

/** The header line of one of these files. */
export function cycleTableHead(name: CycleTable): string {
  return stringify([[...CYCLE_TABLES[name].head]]);
}

/** A file in pieces, one for each person: UTF-8, lines end with LF, empty cells for absent values. */
export function* cycleTable(name: CycleTable, { people, frameIds }: KeptCycles): Generator<string> {
  yield cycleTableHead(name);
  for (const { id, found } of people) {
    if (typeof found !== 'string') yield stringify(CYCLE_TABLES[name].rows(id, found, frame => frameIds[frame] ?? ''));
  }
}

const SHARE_DECIMALS = 4;
const DEGREE_DECIMALS = 2;

const seconds = (value: number) => fixed(value, DECIMALS.timestamp);
const degrees = (value: number) => (Number.isFinite(value) ? fixed(value, DEGREE_DECIMALS) : '');

function number(value: number | undefined, decimals: number): string {
  return value === undefined || !Number.isFinite(value) ? '' : fixed(value, decimals);
}

type Row = (string | number)[];

/** The id of a frame from its index in the table. */
type IdOf = (frame: number) => number | '';

function eventRows(id: number, found: PersonGait | PersonRepetitions, idOf: IdOf): Row[] {
  if (found.kind === 'gait') {
    return found.events.map(
      ({ walk, kind, side, time, frame }): Row =>
        // Walks are numbered from 1 on, like repetitions.
        [id, found.kind, walk + 1, kind, side, '', seconds(time), idOf(frame)],
    );
  }
  const { angle, repetitions } = found;
  return repetitions.flatMap(({ start, turn, end, startFrame, turnFrame, endFrame }, i): Row[] => {
    const row = (event: string, time: number, frame: number): Row => [
      id,
      found.kind,
      i + 1,
      event,
      '',
      angle,
      seconds(time),
      idOf(frame),
    ];
    return [row('start', start, startFrame), row('turn', turn, turnFrame), row('end', end, endFrame)];
  });
}

function cycleRows(id: number, found: PersonGait | PersonRepetitions, idOf: IdOf): Row[] {
  return found.kind === 'gait' ? strideRows(id, found, idOf) : repetitionRows(id, found, idOf);
}

function strideRows(id: number, { strides }: PersonGait, idOf: IdOf): Row[] {
  return strides.map((stride, i): Row => {
    const { side, start, end, startFrame, endFrame, step, stance, doubleSupport, stepLength, strideLength } = stride;
    const duration = end - start;
    const share = (part: number | undefined) =>
      number(part === undefined ? undefined : part / duration, SHARE_DECIMALS);
    return [
      ...[id, 'gait', i + 1, side, '', seconds(start), seconds(end), idOf(startFrame), idOf(endFrame)],
      ...[seconds(duration), seconds(step)],
      ...[share(stance), share(stance === undefined ? undefined : duration - stance), share(doubleSupport)],
      ...[number(stepLength, DECIMALS.metres), number(strideLength, DECIMALS.metres)],
      number(strideLength === undefined ? undefined : strideLength / duration, DECIMALS.metres),
      ...['', '', '', ''],
    ];
  });
}

function repetitionRows(id: number, { angle, repetitions }: PersonRepetitions, idOf: IdOf): Row[] {
  return repetitions.map(
    ({ start, turn, end, startFrame, turnFrame, endFrame, rest, reached }, i): Row => [
      ...[id, 'repetitions', i + 1, '', angle, seconds(start), seconds(end), idOf(startFrame), idOf(endFrame)],
      seconds(end - start),
      ...['', '', '', '', '', '', ''],
      ...[seconds(turn), idOf(turnFrame), degrees(rest), degrees(reached)],
    ],
  );
}

function curveRows(id: number, found: PersonGait | PersonRepetitions): Row[] {
  return found.curves.flatMap(({ side, angle, mean, deviation, count }) =>
    mean.map((value, percent): Row => {
      const spread = degrees(deviation[percent] ?? Number.NaN);
      return [id, found.kind, side ?? '', angle, found.coordinates, percent, degrees(value), spread, count];
    }),
  );
}
