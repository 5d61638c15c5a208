import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PACKAGED_FFMPEG, SYSTEM_FFMPEG } from '../../support/ffmpeg.js';
import { CASES_SCRIPT, SAMPLES } from '../../support/reference-clips.js';
import { croppedTruth, firstFrames, readPoses, readTruth, type TrueClip } from '../accuracy/poses.js';
import { markdownTable, percentOf, RELIABILITY_HEADER, reliabilityCells } from '../accuracy/reliability.js';
import { type JointScore, scoreJoints } from '../accuracy/score-joints.js';
import type { Cost } from '../timed-run.js';
import { optionsOf, runAnalysis } from './run-analysis.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const CLIP = 'half.mp4';
/** The way in whose unit times are reported. */
const YARDSTICK = 'track';

/** A way of analysis on the clip that shows half of a body. */
export interface HalfRow {
  readonly way: string;
  readonly cost: Cost;
  readonly frames: number;
  /** Frames with a pose. */
  readonly posed: number;
  readonly joints: JointScore;
}

/** The line of the cases' script that makes the clip. */
function scriptLine(script: string): string {
  const line = script.split('\n').find(text => text.startsWith('$FF') && text.trim().endsWith(CLIP));
  if (!line) throw new TypeError(`${CASES_SCRIPT} no longer makes ${CLIP} in one line`);
  return line;
}

/** Makes `half.mp4` with the cases' script, and crops the truth of its sample like the script crops its picture. */
export async function makeHalf(folder: string): Promise<{ clip: string; truth: TrueClip }> {
  const script = await readFile(CASES_SCRIPT, 'utf8');
  const line = scriptLine(script);
  // The whole script makes thirty other files, and needs encoders that some ffmpegs lack: its settings and this line
  // are enough.
  const settings = script.split('\n').filter(text => /^(set|D=|FF=)/.test(text));
  const ffmpeg = `ffmpeg() { "${SYSTEM_FFMPEG ?? PACKAGED_FFMPEG}" "$@"; }`;
  const source = [ffmpeg, ...settings, line].join('\n');
  await promisify(execFile)('bash', ['-c', source, 'make-cases.sh', folder], { cwd: PROJECT });
  const crop = /\/(\w+)\.mp4" -t [\d.]+ -vf "crop=(\d+):(\d+):(\d+):(\d+)"/.exec(line);
  if (!crop) throw new TypeError(`${CLIP} is no longer a crop of a sample's beginning: ${line}`);
  const [width = 0, height = 0, left = 0, top = 0] = crop.slice(2).map(Number);
  const whole = await readTruth(join(SAMPLES, `${crop[1]}.truth.json`));
  return { clip: join(folder, CLIP), truth: croppedTruth(whole, { left, top, width, height }) };
}

/** Analyses `half.mp4` in each way. */
export async function judgeHalf(
  ways: readonly string[],
  folder: string,
  tell: (text: string) => void = () => {},
): Promise<HalfRow[]> {
  const { clip, truth } = await makeHalf(folder);
  const rows: HalfRow[] = [];
  for (const [w, way] of ways.entries()) {
    const { csv, ...cost } = await runAnalysis(clip, optionsOf(way), folder, `half-${w}`);
    const frames = await readPoses(csv);
    const posed = frames.filter(frame => frame.people.length > 0).length;
    const joints = scoreJoints(firstFrames(truth, frames.length), frames);
    rows.push({ way, cost, frames: frames.length, posed, joints });
    tell(
      `${CLIP}, ${way}: ${posed} of ${frames.length} frames, ${joints.jointsRight} of ${joints.jointsWanted} joints right`,
    );
  }
  return rows;
}

/** The report on the half body, in Markdown. */
export function halfTables(rows: readonly HalfRow[]): string {
  const yardstick = rows.find(row => row.way === YARDSTICK)?.cost;
  const table = markdownTable(
    [
      'way',
      'frames with a pose',
      'joints right',
      '',
      'right, confidence >= 0.5',
      'CPU s',
      `CPU / ${YARDSTICK}`,
      `time / ${YARDSTICK}`,
    ],
    rows.map(({ way, cost, frames, posed, joints }) => [
      way,
      `${posed} of ${frames}`,
      `${joints.jointsRight} of ${joints.jointsWanted}`,
      percentOf(joints.jointsRight, joints.jointsWanted),
      `${percentOf(joints.confident[1], joints.confident[0])} of ${joints.confident[0]}`,
      cost.cpuSeconds.toFixed(1),
      yardstick ? (cost.cpuSeconds / yardstick.cpuSeconds).toFixed(2) : '-',
      yardstick ? (cost.wallSeconds / yardstick.wallSeconds).toFixed(2) : '-',
    ]),
  );
  const reliability = markdownTable(
    ['way', ...RELIABILITY_HEADER],
    rows.map(row => [row.way, ...reliabilityCells(row.joints.limbReliability)]),
  );
  return `Half a body (${CLIP}): joints in the picture, right within a fifth of the torso\n\n${table}\n\nLimb joints right by confidence, those outside the picture too\n\n${reliability}`;
}
