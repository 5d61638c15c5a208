import { basename } from 'node:path';
import type { XlsxCell } from '../../formats/xlsx.js';
import type { Moments, PersonQuality, Quality } from '../../model/quality.js';
import { gateName } from '../../signal/gates.js';
import { PACKAGE } from '../../system/package-info.js';
import { visible } from '../../text/visible.js';

/** Content of the summary in addition to the quality. */
export interface SummaryFacts {
  /** Path of the results without suffix. */
  readonly stem: string;
  /** From the first frame to the last. */
  readonly seconds: number;
  /** Angles of lower confidence are left out, 0-1. */
  readonly minConfidence: number;
  /** What was left out. */
  readonly notes: readonly string[];
}

const DECIMALS = 4;
const rounded = (value: number) => Number(value.toFixed(DECIMALS));
const share = '0-1';

/** The rows of the sheet: quantity, value, and meaning. */
export function summaryRows(quality: Quality, facts: SummaryFacts): XlsxCell[][] {
  const people = quality.people.flatMap(personRows);
  return [
    ['what', 'value', 'meaning'],
    ['table', visible(basename(facts.stem))],
    ['made by', `bodyscript ${PACKAGE.version}`],
    ['frames', quality.frames],
    ['seconds', rounded(facts.seconds), 'from the first frame to the last'],
    ['people', quality.people.length],
    ['angles at least this sure', facts.minConfidence, 'the others are empty cells'],
    ...facts.notes.map(note => ['left out', visible(note)]),
    ['detection rate', rounded(quality.detectionRate), `share of all frames with a person, ${share}`],
    ['missing rate', rounded(quality.missingRate), `the rest, ${share}`],
    ['confidence', rounded(quality.confidence), `mean score of the poses, ${share}`],
    ['longest gap', quality.longestGap.frames, 'frames of the longest time without anybody'],
    ['longest gap begins', quality.longestGap.at ?? undefined, 'seconds'],
    ...qualityRows(quality, ''),
    ['reasons against', quality.reasons.join('; ')],
    ...Object.entries(quality.boneVariation).map(([bone, value]): XlsxCell[] => [
      `length of ${bone}`,
      rounded(value),
      'standard deviation by its mean',
    ]),
    ...Object.entries(quality.visibility).map(([name, value]): XlsxCell[] => [
      `visibility of ${name}`,
      rounded(value),
      `mean, ${share}`,
    ]),
    ...Object.entries(quality.landmarkConfidence ?? {}).map(([name, value]): XlsxCell[] => [
      `confidence of ${name}`,
      rounded(value),
      `mean, ${share}`,
    ]),
    ...people,
  ];
}

type Common = Pick<Quality, 'consistency' | 'jitter' | 'gates'> & {
  readonly jumps: Moments;
  readonly swaps: Moments;
};

function qualityRows({ jumps, swaps, consistency, jitter, gates }: Common, whose: string): XlsxCell[][] {
  return [
    [`${whose}jumps`, jumps.count, 'times that the hips jump by more than half a torso'],
    [`${whose}swaps`, swaps.count, 'times that left and right change places'],
    [`${whose}consistency`, rounded(consistency), `1: bones keep their lengths, ${share}`],
    [`${whose}jitter`, rounded(jitter), 'what shakes from frame to frame, in parts of the torso'],
    ...gates.map((gate): XlsxCell[] => [
      `${whose}check of ${gateName(gate)}`,
      rounded(gate.value),
      `at ${gate.bound} ${gate.limit}: ${gate.passed ? 'passed' : 'not passed'}`,
    ]),
  ];
}

function personRows(person: PersonQuality): XlsxCell[][] {
  const whose = `person ${person.personId}: `;
  return [
    [`${whose}frames`, person.frames, 'in which the person was found'],
    [`${whose}from`, person.from, 'seconds'],
    [`${whose}to`, person.to, 'seconds'],
    [`${whose}detection rate`, rounded(person.detectionRate), `in the time between, ${share}`],
    [`${whose}confidence`, rounded(person.confidence), `mean score of the poses, ${share}`],
    ...qualityRows(person, whose),
    [`${whose}reasons against`, person.reasons.join('; ')],
  ];
}
