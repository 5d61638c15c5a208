import { loadImage } from '@napi-rs/canvas';
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
import { optionsOf, runAnalysis } from './run-analysis.js';
import { type PictureScore, scorePicture } from './score-picture.js';
import { DATA_SETS, type DataSet, readStillLabels } from './still-labels.js';

const PEOPLE = ['--people', '10'];

/** A way of analysis on the labelled pictures of a data set. */
export interface StillRow {
  readonly way: string;
  readonly set: DataSet;
  readonly cost: Cost;
  readonly pictures: number;
  readonly asked: number;
  readonly found: number;
  readonly joints: number;
  readonly right: number;
  /** Mean share of a person's joints that is right, 0-1. */
  readonly pck: number;
  readonly predicted: number;
  readonly falsePeople: number | undefined;
  readonly confident: readonly [reported: number, right: number];
  readonly reliability: Reliability;
}

/** Analyses the labelled pictures of a data set in a way, each separately. */
async function judgeStills(way: string, set: DataSet, folder: string): Promise<StillRow> {
  const scores: PictureScore[] = [];
  let cost = NO_COST;
  for (const [i, picture] of (await readStillLabels(set)).entries()) {
    const { csv, ...own } = await runAnalysis(picture.path, [...optionsOf(way), ...PEOPLE], folder, `${set}-${i}`);
    cost = addCosts(cost, own);
    const [frame] = await readPoses(csv);
    scores.push(scorePicture(picture, frame?.people ?? [], await loadImage(picture.path)));
  }
  const sum = (value: (score: PictureScore) => number) => scores.reduce((all, score) => all + value(score), 0);
  const reported = scores.flatMap(score => score.reported);
  const asked = sum(score => score.asked);
  return {
    way,
    set,
    cost,
    pictures: scores.length,
    asked,
    found: sum(score => score.found),
    joints: sum(score => score.joints),
    right: sum(score => score.right),
    pck: sum(score => score.pck.reduce((all, part) => all + part, 0)) / asked,
    predicted: sum(score => score.predicted),
    falsePeople: scores.some(score => score.falsePeople === undefined)
      ? undefined
      : sum(score => score.falsePeople ?? 0),
    confident: confidentOf(reported),
    reliability: reliabilityOf(reported),
  };
}

/** The labelled pictures, in each way. */
export async function judgeAllStills(
  ways: readonly string[],
  folder: string,
  tell: (text: string) => void = () => {},
): Promise<StillRow[]> {
  const rows: StillRow[] = [];
  for (const set of DATA_SETS) {
    for (const way of ways) {
      const row = await judgeStills(way, set, folder);
      rows.push(row);
      tell(`${set}, ${way}: found ${row.found} of ${row.asked}, joints right ${row.right} of ${row.joints}`);
    }
  }
  return rows;
}

/** The report on the stills, in Markdown. */
export function stillTables(rows: readonly StillRow[]): string {
  const table = markdownTable(
    [
      'pictures',
      'way',
      'found',
      'joints right',
      'mean PCK@0.2',
      'poses',
      'false people',
      'right, confidence >= 0.5',
      'CPU s',
    ],
    rows.map(row => [
      `${row.set}, ${row.pictures}`,
      `${row.way} ${PEOPLE.join(' ')}`,
      `${row.found} of ${row.asked}`,
      `${row.right} of ${row.joints}`,
      row.pck.toFixed(3),
      String(row.predicted),
      row.falsePeople === undefined ? 'not all are labelled' : String(row.falsePeople),
      `${percentOf(row.confident[1], row.confident[0])} of ${row.confident[0]}`,
      row.cost.cpuSeconds.toFixed(1),
    ]),
  );
  const reliability = markdownTable(
    ['pictures', 'way', ...RELIABILITY_HEADER],
    rows.map(row => [row.set, row.way, ...reliabilityCells(row.reliability)]),
  );
  const coco = rows
    .filter(row => row.set === 'coco')
    .map(row => `COCO, ${row.way}: found ${row.found} of ${row.asked}, joints right ${row.right} of ${row.joints}`);
  return `Stills: within a fifth of the torso's diagonal\n\n${coco.join('\n')}\n\n${table}\n\nJoints right by confidence\n\n${reliability}`;
}
