import { beforeEach } from 'vitest';
import type { FrameAttempts } from '../../src/model/attempts.js';
import type { Frame } from '../../src/model/frame.js';
import { planeLayout, yuvBytes } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import type { FrameResult } from '../../src/model/result.js';
import { DEFAULT_MIN_SCORE, judgePose } from '../../src/tracking/judge.js';
import { SmartAnalyzer } from '../../src/tracking/smart-analyzer.js';
import type { SmartOptions } from '../../src/tracking/smart-options.js';
import type { DetectCall } from './scene-engine.js';
import { SceneEngine } from './scene-engine.js';
import { moved, type PlacedPose, scaled, truePose, withSignals } from './true-pose.js';

export const RATE = 30;
const wave = await truePose('wave', 0);
export const { width, height } = wave;
/** A person in the middle of the picture, and the same one at two other places. */
export const body = withSignals(scaled(wave, 0.6, 0.2, 0.2));
export const [left, right] = [moved(body, -0.2), moved(body, 0.2)];

/**
 * The same body from a network so uncertain that the judge gives this score. Found by a search, so that tests do not
 * depend on the judge's weights.
 * @param expected position of the person, if followed
 */
export function unsureOf(score: number, expected: Pose | undefined): PlacedPose {
  const known = { width, height, refined: false, others: [], expected, absence: expected ? 1 / RATE : Infinity };
  const blurred = (share: number) => {
    const signals = { presence: 0.98 - 0.9 * share, peak: 0.8 - 0.78 * share, spread: 0.02 + 0.06 * share };
    return withSignals(body, { ...signals, offset: 0.01 + 0.2 * share });
  };
  let [low, high] = [0, 1];
  for (let step = 0; step < 20; step++) {
    const half = (low + high) / 2;
    const judged = judgePose(blurred(half), known, { box: undefined, swapped: false }).score;
    if (judged > score) low = half;
    else high = half;
  }
  return blurred(low);
}

const { signals: UNSURE } = unsureOf(0.6, body);
/** A followed person's pose that calls for retries. */
export const doubtful = <P extends Pose>(pose: P): P => ({ ...pose, signals: UNSURE });

/** A pose with scattered joints: no body looks like that. */
export const nonsense: PlacedPose = {
  ...doubtful(body),
  presence: 0.1,
  landmarks: body.landmarks.map((mark, id) => ({
    ...mark,
    visibility: 0.3,
    x: 0.3 + 0.4 * ((id * 0.37) % 1),
    y: 0.3 + 0.4 * ((id * 0.61) % 1),
  })),
  worldLandmarks: body.worldLandmarks.map((_, id) => ({ x: (id * 0.37) % 1, y: (id * 0.61) % 1, z: (id * 0.13) % 1 })),
};

/** The same body with one wrist lower by this much. */
export const withWristLower = <P extends Pose>(pose: P, lower: number): P => ({
  ...pose,
  landmarks: pose.landmarks.map((mark, id) => (id === 15 ? { ...mark, y: mark.y + lower } : mark)),
});

export type Colour = readonly [luma: number, blue: number, red: number];
export const RED: Colour = [120, 90, 200];
export const BLUE: Colour = [90, 200, 100];

/** A picture in which people stand in clothes of one colour each. */
export function frame(frameId: number, dressed: readonly (readonly [pose: Pose, colour: Colour])[] = []): Frame {
  const data = new Uint8Array(yuvBytes(width, height)).fill(128);
  const { chromaWidth, cb, cr } = planeLayout(width, height);
  for (const [{ landmarks }, [luma, blue, red]] of dressed) {
    const joints = [11, 12, 23, 24, 25, 26].map(id => landmarks[id]);
    const [x, y] = [joints.map(mark => mark!.x * width), joints.map(mark => mark!.y * height)];
    for (let row = Math.floor(Math.min(...y)); row <= Math.max(...y); row++) {
      for (let column = Math.floor(Math.min(...x)); column <= Math.max(...x); column++) {
        data[row * width + column] = luma;
        const chroma = (row >> 1) * chromaWidth + (column >> 1);
        [data[cb + chroma], data[cr + chroma]] = [blue, red];
      }
    }
  }
  const timestamp = frameId / RATE;
  const steady = { seconds: timestamp, leaps: 0 };
  return { frameId, timestamp, steady, image: { width, height, matrix: 'bt709', data }, release: () => {} };
}

export let engine: SceneEngine;
export let attempts: FrameAttempts[];
/** Gives each test of the calling file an empty scene. */
export const newScenes = () =>
  beforeEach(() => {
    engine = new SceneEngine(width, height);
    engine.people = [body];
    attempts = [];
  });

export function analyzer(hasRefiner = false, options: Partial<SmartOptions> = {}): SmartAnalyzer {
  return new SmartAnalyzer(engine, hasRefiner, {
    people: 1,
    width,
    height,
    minScore: DEFAULT_MIN_SCORE,
    person: 'first',
    maxAttempts: 8,
    exhaustive: false,
    fixSwaps: false,
    onAttempts: entry => attempts.push(entry),
    ...options,
  });
}

/** Analyses some frames, from a given one on. */
export async function go(
  smart: SmartAnalyzer,
  from: number,
  count: number,
  clothes?: Colour,
): Promise<[FrameResult, ...FrameResult[]]> {
  const results: FrameResult[] = [];
  for (let id = from; id < from + count; id++) {
    results.push(await smart.analyze(frame(id, clothes && engine.people.map(pose => [pose, clothes] as const))));
  }
  return results as [FrameResult, ...FrameResult[]];
}

/** The calls of the following frames. */
export function callsFromNow(): DetectCall[] {
  engine.calls.length = 0;
  return engine.calls;
}

export const hipsOf = ({ landmarks }: Pose) => (landmarks[23]!.x + landmarks[24]!.x) / 2;
