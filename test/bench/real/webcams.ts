import { join } from 'node:path';
import { REAL_FOOTAGE } from '../../support/reference-clips.js';
import { readPoses } from '../accuracy/poses.js';
import {
  confidentOf,
  markdownTable,
  percentOf,
  RELIABILITY_HEADER,
  type Reliability,
  reliabilityCells,
  reliabilityOf,
} from '../accuracy/reliability.js';
import { addCosts, type Cost, NO_COST } from '../timed-run.js';
import {
  type CrossViewResult,
  JUDGED_JOINTS,
  judgeViews,
  partWithin,
  quantileOf,
  readCameras,
  readView,
} from './cross-view.js';
import { optionsOf, runAnalysis } from './run-analysis.js';

const WEBCAMS = join(REAL_FOOTAGE, 'webcams');
const CAMERAS = ['cam_0', 'cam_1', 'cam_2', 'cam_3'];
/** A fifth of a torso of half a metre. */
const RIGHT_MM = 100;
/** The way in whose unit times are reported. */
const YARDSTICK = 'track --model heavy';

/** A way of analysis on the webcams. */
export interface WebcamRow {
  readonly way: string;
  readonly cost: Cost;
  readonly judged: number;
  readonly asked: number;
  /** Shares of all required joints, 0-1. */
  readonly within50: number;
  readonly within100: number;
  readonly within200: number;
  readonly median: number;
  readonly p90: number;
  /** Median and 90th percentile in millimetres, by joint, and the share right of all required. */
  readonly byJoint: Readonly<Record<string, { median: number; p90: number; right: number }>>;
  /** The share right of all required if the other views are those of the yardstick; NaN if that was not run. */
  readonly rightAgainstYardstick: number;
  readonly frames: number;
  /**
   * Frames without person 0, of each camera; and those of them with a person of another id, which the measure does not
   * count.
   */
  readonly missing: readonly number[];
  readonly otherIds: number;
  /** Of the joints that can be judged: how many are reported with confidence, and how many of those are right. */
  readonly confident: readonly [reported: number, right: number];
  readonly reliability: Reliability;
}

function rowOf(
  way: string,
  cost: Cost,
  result: CrossViewResult,
  { otherIds, rightAgainstYardstick }: Pick<WebcamRow, 'otherIds' | 'rightAgainstYardstick'>,
): WebcamRow {
  const all = result.errors.map(error => error.millimetres);
  const reported = result.errors.map(error => ({ confidence: error.confidence, right: error.millimetres < RIGHT_MM }));
  const joints = Object.keys(JUDGED_JOINTS);
  const byJoint = joints.map(joint => {
    const own = result.errors.filter(error => error.joint === joint).map(error => error.millimetres);
    const right = own.filter(error => error < RIGHT_MM).length / (result.asked / joints.length);
    return [joint, { median: quantileOf(own, 0.5), p90: quantileOf(own, 0.9), right }] as const;
  });
  return {
    way,
    cost,
    judged: all.length,
    asked: result.asked,
    within50: partWithin(result, 50),
    within100: partWithin(result, RIGHT_MM),
    within200: partWithin(result, 200),
    median: quantileOf(all, 0.5),
    p90: quantileOf(all, 0.9),
    byJoint: Object.fromEntries(byJoint),
    frames: result.frames,
    missing: result.missing,
    otherIds,
    rightAgainstYardstick,
    confident: confidentOf(reported),
    reliability: reliabilityOf(reported),
  };
}

/**
 * Analyses the four webcams in each way, in turns, and holds the views against each other.
 * @param more options for all ways, as `--max-frames 20`
 * @param analyse makes the table of a video in a way: by default with the built command line, for which a way is
 * options
 */
export async function judgeWebcams(
  ways: readonly string[],
  folder: string,
  {
    more = [],
    rounds = 1,
    tell = () => {},
    analyse = async (way, input, name) => runAnalysis(input, [...optionsOf(way), ...more], folder, name),
  }: {
    more?: readonly string[];
    rounds?: number;
    tell?: (text: string) => void;
    analyse?: (way: string, input: string, name: string) => Promise<Cost & { csv: string }>;
  } = {},
): Promise<WebcamRow[]> {
  const costs = ways.map(() => NO_COST);
  const tables = ways.map((): string[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [c, camera] of CAMERAS.entries()) {
      for (const [w, way] of ways.entries()) {
        const { csv, ...cost } = await analyse(way, join(WEBCAMS, `${camera}.mp4`), `${camera}-${w}`);
        costs[w] = addCosts(costs[w]!, cost);
        tables[w]![c] = csv;
        tell(`${camera}, ${way}: ${cost.cpuSeconds.toFixed(1)} s of CPU, ${cost.wallSeconds.toFixed(1)} s`);
      }
    }
  }
  const cameras = await readCameras(join(WEBCAMS, 'cameras.toml'));
  const views = await Promise.all(tables.map(own => Promise.all(own.map(readView))));
  const yardstick = views[ways.indexOf(YARDSTICK)];
  const rows: WebcamRow[] = [];
  for (const [w, way] of ways.entries()) {
    const frames = (await Promise.all(tables[w]!.map(readPoses))).flat();
    const otherIds = frames.filter(({ people }) => people.length > 0 && people.every(({ personId }) => personId !== 0));
    const rightAgainstYardstick = yardstick
      ? partWithin(judgeViews(cameras, views[w]!, yardstick), RIGHT_MM)
      : Number.NaN;
    const extras = { otherIds: otherIds.length, rightAgainstYardstick };
    rows.push(rowOf(way, costs[w]!, judgeViews(cameras, views[w]!), extras));
  }
  return rows;
}

/** The report on the webcams, in Markdown. */
export function webcamTables(rows: readonly WebcamRow[]): string {
  const yardstick = rows.find(row => row.way === YARDSTICK)?.cost;
  const times = (value: (cost: Cost) => number, cost: Cost) =>
    yardstick ? `${(value(cost) / value(yardstick)).toFixed(2)} x` : '-';
  const joints = Object.keys(JUDGED_JOINTS);
  const header = [
    'way',
    '< 50 mm',
    '< 100 mm',
    '< 200 mm',
    'median mm',
    'p90 mm',
    `< 100 mm of the other views of ${YARDSTICK}`,
  ];
  const rest = [
    'missing frames',
    'of them, another id',
    'right, confidence >= 0.5',
    'CPU s',
    `CPU / ${YARDSTICK}`,
    'wall s',
    'wall',
  ];
  const table = markdownTable(
    [...header, ...joints.map(joint => `${joint} median/p90, right`), ...rest],
    rows.map(row => [
      row.way,
      ...[row.within50, row.within100, row.within200].map(part => percentOf(part, 1)),
      row.median.toFixed(0),
      row.p90.toFixed(0),
      Number.isNaN(row.rightAgainstYardstick) ? '-' : percentOf(row.rightAgainstYardstick, 1),
      ...joints.map(joint => {
        const { median, p90, right } = row.byJoint[joint]!;
        return `${median.toFixed(0)}/${p90.toFixed(0)}, ${percentOf(right, 1)}`;
      }),
      `${row.missing.join(' + ')} of ${row.missing.length} x ${row.frames}`,
      String(row.otherIds),
      `${percentOf(row.confident[1], row.confident[0])} of ${row.confident[0]}`,
      row.cost.cpuSeconds.toFixed(1),
      times(cost => cost.cpuSeconds, row.cost),
      row.cost.wallSeconds.toFixed(1),
      times(cost => cost.wallSeconds, row.cost),
    ]),
  );
  const reliability = markdownTable(
    ['way', ...RELIABILITY_HEADER],
    rows.map(row => [row.way, ...reliabilityCells(row.reliability)]),
  );
  return `Webcams: joints within so much of the other views, of all ${rows[0]?.asked} asked\n\n${table}\n\nJoints within ${RIGHT_MM} mm by confidence\n\n${reliability}`;
}
