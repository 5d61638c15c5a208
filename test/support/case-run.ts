import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { expect } from 'vitest';
import type { RunRecord } from '../../src/model/run-record.js';
import type { TrueClip } from '../bench/accuracy/poses.js';
import { readPoses } from '../bench/accuracy/poses.js';
import { type CsvRow, framesOf, readCsv } from './csv.js';
import { runCli } from './run-cli.js';

/** A run of the built command line on one input, and its files. */
export interface CaseRun {
  /** Base path of the outputs, without suffix. */
  readonly stem: string;
  readonly stderr: string;
  readonly record: RunRecord;
  readonly rows: readonly CsvRow[];
  /** The table's times in seconds, one for each frame. */
  readonly times: readonly number[];
}

/** Analyses an input and expects success. @param stem name of its outputs, if not the input's own */
export async function runCase(
  input: string,
  out: string,
  flags: readonly string[] = [],
  name = basename(input, extname(input)),
): Promise<CaseRun> {
  const { code, stderr } = await runCli(['analyze', input, '-o', out, ...flags]);
  expect(code, stderr).toBe(0);
  const stem = join(out, name);
  const rows = await readCsv(`${stem}.csv`);
  return {
    stem,
    stderr,
    rows,
    record: JSON.parse(await readFile(`${stem}.run.json`, 'utf8')) as RunRecord,
    times: framesOf(rows).map(({ timestamp }) => Number(timestamp)),
  };
}

/** Frames of a table without people. */
export function missingFrames(rows: readonly CsvRow[]): number[] {
  return [...new Set(rows.filter(({ status }) => status === 'missing').map(row => Number(row.frame_id)))];
}

export async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** Shoulders, elbows and wrists. */
const UPPER_BODY = [11, 12, 13, 14, 15, 16] as const;

/**
 * Distance of a table's upper bodies from the truth, in pixels: the mean over their joints, for each frame with a pose.
 * @param truth whose frame of the same number shows the same @param person of the truth
 */
export async function errorsAgainst(table: string, truth: TrueClip, person = 0): Promise<number[]> {
  const frames = await readPoses(table);
  return frames.flatMap(({ people: [found] }, i) => {
    const image = truth.frames[i]?.[person]?.image;
    if (!found || !image) return [];
    const off = UPPER_BODY.map(id => {
      const [x, y] = [found.image[id]?.[0] ?? Number.NaN, found.image[id]?.[1] ?? Number.NaN];
      return Math.hypot(x - (image[id]?.[0] ?? Number.NaN), y - (image[id]?.[1] ?? Number.NaN));
    });
    return [off.reduce((sum, value) => sum + value, 0) / off.length];
  });
}
