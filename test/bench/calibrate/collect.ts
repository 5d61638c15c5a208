import { analysedSize } from '../../../src/decode/decode-command.js';
import { FrameReader } from '../../../src/decode/frame-reader.js';
import { openSource } from '../../../src/decode/input.js';
import { probeVideo } from '../../../src/decode/probe.js';
import type { PoseEngine } from '../../../src/engine/pose-engine.js';
import { LANDMARK_COUNT } from '../../../src/model/blazepose.js';
import { LIMB_JOINTS } from '../../../src/model/body.js';
import type { FrameResult } from '../../../src/model/result.js';
import { findFfmpeg } from '../../../src/system/ffmpeg-binaries.js';
import { evidenceOf } from '../../../src/tracking/evidence.js';
import { DEFAULT_MIN_SCORE, type Judged, type Witness } from '../../../src/tracking/judge.js';
import { SmartAnalyzer } from '../../../src/tracking/smart-analyzer.js';
import { torsoLength } from '../accuracy/metrics.js';
import type { TrueClip, TruePose } from '../accuracy/poses.js';

/** A landmark is right within this fraction of the true torso, a pose if its mean limb error is below the other. */
const LANDMARK_RIGHT = 0.2;
const POSE_RIGHT = 0.25;
/** Beyond this, a pose is a false one. */
const NOBODY = 1.5;

/** One judged pose, with the truth. */
export interface Example {
  readonly evidence: Float64Array;
  readonly pose: Judged['pose'];
  readonly witness: Witness;
  /** 1 if the landmark is right, by id. */
  readonly landmarks: Uint8Array;
  readonly isRight: boolean;
  /** Whether the pose was reported. */
  readonly isTold: boolean;
}

/** How to analyse the examples. */
export interface CollectOptions {
  readonly people: number;
  readonly exhaustive: boolean;
  readonly hasRefiner: boolean;
}

/** Analyses a clip, and records all judged poses with their truth. */
export async function collect(
  engine: PoseEngine,
  path: string,
  truth: TrueClip,
  { people, exhaustive, hasRefiner }: CollectOptions,
): Promise<Example[]> {
  const { ffmpeg, ffprobe } = await findFfmpeg();
  await using source = await openSource(path);
  const video = await probeVideo(source, ffprobe);
  const size = analysedSize(video);
  const judged: Judged[] = [];
  const analyzer = new SmartAnalyzer(engine, hasRefiner, {
    people,
    ...size,
    minScore: DEFAULT_MIN_SCORE,
    person: 'first',
    maxAttempts: 8,
    exhaustive,
    fixSwaps: false,
    onJudged: one => judged.push(one),
  });
  await engine.reset();
  const examples: Example[] = [];
  await using reader = await FrameReader.open({ source, video, size, selection: { every: 1 }, ffmpeg });
  let index = 0;
  for await (const frame of reader.frames()) {
    judged.length = 0;
    const result = await analyzer.analyze(frame);
    frame.release();
    const people = truth.frames[index++] ?? [];
    for (const one of latest(judged)) examples.push(labelled(one, people, truth, isTold(one, result)));
  }
  return examples;
}

/** The last judgement of each pose, which has the most evidence. */
function latest(judged: readonly Judged[]): Judged[] {
  return [...new Map(judged.map(one => [one.pose, one])).values()];
}

function isTold({ pose }: Judged, { people }: FrameResult): boolean {
  return people.some(person => person.pose.next === pose.next && person.pose.presence === pose.presence);
}

function labelled(judged: Judged, people: readonly TruePose[], truth: TrueClip, reported: boolean): Example {
  const { pose, circumstances, witness } = judged;
  const { width, height } = circumstances;
  const evidence = evidenceOf(pose, circumstances);
  const found = pose.landmarks.map(({ x, y }) => [x * width, y * height] as const);
  const pairs = people.map(person => {
    const torso = torsoLength(person.camera, truth.focal);
    const errors = found.map(([x, y], id) => Math.hypot(x - person.image[id]![0], y - person.image[id]![1]) / torso);
    const isInside = ([x, y]: readonly [number, number]) => x >= 0 && y >= 0 && x < width && y < height;
    const inside = LIMB_JOINTS.filter(id => isInside(person.image[id]!));
    const judgedIds = inside.length >= 2 ? inside : [0, 7, 8, 11, 12];
    return { errors, mean: judgedIds.reduce((sum, id) => sum + errors[id]!, 0) / judgedIds.length };
  });
  const nearest = pairs.sort((a, b) => a.mean - b.mean)[0];
  const isSomebody = nearest !== undefined && nearest.mean < NOBODY;
  const landmarks = Uint8Array.from({ length: LANDMARK_COUNT }, (_, id) =>
    isSomebody && nearest.errors[id]! <= LANDMARK_RIGHT ? 1 : 0,
  );
  return { evidence, pose, witness, landmarks, isRight: isSomebody && nearest.mean < POSE_RIGHT, isTold: reported };
}
