/**
 * `npm run bench:seen-joints -- RESULTS`: from which confidence on joints are exported, against the samples' truth.
 * RESULTS is what `bodyscript analyze samples --people 2 --no-overlay -o RESULTS` wrote. Clips that confidences were
 * fitted on are left out.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { USUAL_CONFIDENCE } from '../../src/formats/export-facts.js';
import { SAMPLES } from '../support/reference-clips.js';
import { torsoLength } from './accuracy/metrics.js';
import { isInside, readPoses, readTruth } from './accuracy/poses.js';
import { markdownTable, percentOf } from './accuracy/reliability.js';
import { matchFrame } from './accuracy/score-clip.js';
import { RIGHT_JOINT } from './accuracy/score-joints.js';
import { FITTED_CLIPS } from './calibrate/fitted-clips.js';

const THRESHOLDS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/** One landmark of a true person or of a false pose. */
interface Joint {
  /** Undefined if the person was not found. */
  readonly confidence: number | undefined;
  /** Reported inside the picture: others are not exported to formats of pictures. */
  readonly isTold: boolean;
  readonly isRight: boolean;
  /** In the picture, and not behind an object or another person. */
  readonly isSeen: boolean;
}

async function jointsOf(results: string, clip: string): Promise<Joint[]> {
  const truth = await readTruth(join(SAMPLES, `${clip}.truth.json`));
  const frames = await readPoses(join(results, `${clip}.csv`));
  const joints: Joint[] = [];
  for (const [frame, { people }] of frames.entries()) {
    const { matched, nobody } = matchFrame(truth, frame, people);
    for (const [person, { image, sight, camera }] of truth.frames[frame]!.entries()) {
      const pose = matched.get(person);
      const tolerance = RIGHT_JOINT * torsoLength(camera, truth.focal);
      for (const [id, place] of image.entries()) {
        const reported = pose?.image[id];
        joints.push({
          confidence: pose?.confidence?.[id],
          isTold: reported !== undefined && isInside(reported, truth),
          isRight: reported !== undefined && Math.hypot(reported[0] - place[0], reported[1] - place[1]) <= tolerance,
          isSeen: sight[id]! > 0 && isInside(place, truth),
        });
      }
    }
    for (const { image, confidence } of nobody) {
      for (const [id, place] of image.entries()) {
        joints.push({ confidence: confidence?.[id], isTold: isInside(place, truth), isRight: false, isSeen: false });
      }
    }
  }
  return joints;
}

function row(joints: readonly Joint[], least: number): string[] {
  const exported = joints.filter(({ confidence = -1, isTold }) => isTold && confidence >= least);
  const seen = joints.filter(({ isSeen }) => isSeen);
  const unseen = joints.filter(({ isSeen, confidence }) => !isSeen && confidence !== undefined);
  const right = exported.filter(({ isRight }) => isRight).length;
  const [precision, recall] = [
    right / exported.length,
    exported.filter(({ isRight, isSeen }) => isRight && isSeen).length / seen.length,
  ];
  return [
    `${least}${least === USUAL_CONFIDENCE ? ' (usual)' : ''}`,
    percentOf(right, exported.length),
    percentOf(recall * seen.length, seen.length),
    ((2 * precision * recall) / (precision + recall)).toFixed(3),
    percentOf(exported.filter(({ isSeen }) => !isSeen).length, unseen.length),
  ];
}

const [results] = process.argv.slice(2);
if (results === undefined) throw new TypeError('name the folder with the results of the samples');
const fitted = new Set(FITTED_CLIPS.map(({ clip }) => clip));
const clips = readdirSync(SAMPLES)
  .flatMap(name => (name.endsWith('.truth.json') ? [name.slice(0, -'.truth.json'.length)] : []))
  .filter(clip => !fitted.has(clip) && existsSync(join(results, `${clip}.csv`)));
const joints = (await Promise.all(clips.map(clip => jointsOf(results, clip)))).flat();
process.stdout.write(`${clips.length} clips, ${joints.length} landmarks\n`);
const header = ['at least', 'exported and right', 'seen, exported and right', 'F1', 'unseen and exported all the same'];
const rows = THRESHOLDS.map(least => row(joints, least));
process.stdout.write(`${markdownTable(header, rows)}\n`);
