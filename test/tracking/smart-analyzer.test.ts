import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DetectOptions, EngineInfo, PoseEngine, TrackOptions } from '../../src/engine/pose-engine.js';
import type { FrameAttempts } from '../../src/model/attempts.js';
import type { Frame } from '../../src/model/frame.js';
import { type Picture, yuvBytes } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import { exchangeSides } from '../../src/tracking/person-memory.js';
import { SmartAnalyzer, type SmartOptions } from '../../src/tracking/smart-analyzer.js';
import { truePose } from '../support/true-pose.js';

const [width, height] = [640, 480];
let body: Pose;
beforeAll(async () => {
  body = await truePose('wave', 0);
});

/** Tells what a test wants it to, and notes what it was asked. */
class ScriptedEngine implements PoseEngine {
  readonly info: EngineInfo = { name: 'scripted', version: '0', model: 'none', modelSha256: '0', provider: 'cpu' };
  readonly looks: { kind: 'track' | 'detect'; image: Picture; options: DetectOptions & TrackOptions }[] = [];
  onTrack: (call: number) => Pose[] = () => [body];
  /** Poses in the frame; they are told as seen in the frame itself only. */
  onDetect: (options: DetectOptions, image: Picture) => Pose[] = () => [];

  async track(image: Picture, _: number, options: TrackOptions = {}): Promise<Pose[]> {
    this.looks.push({ kind: 'track', image, options });
    return this.onTrack(this.looks.filter(({ kind }) => kind === 'track').length - 1);
  }

  async detect(image: Picture, options: DetectOptions = {}): Promise<Pose[]> {
    this.looks.push({ kind: 'detect', image, options });
    return this.onDetect(options, image);
  }

  get detections(): number {
    return this.looks.filter(({ kind }) => kind === 'detect').length;
  }

  async findPeople(): Promise<undefined> {
    return undefined;
  }

  async reset(): Promise<void> {}
  async save(): Promise<unknown> {
    return { calls: 0 };
  }

  async restore(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

const frame = (frameId: number, timestamp = frameId / 30): Frame => ({
  frameId,
  timestamp,
  image: { width, height, matrix: 'bt709', data: new Uint8Array(yuvBytes(width, height)) },
  release: () => {},
});

/** A pose whose joints are all over the place: no body is like that. */
const nonsense = (): Pose => ({
  ...body,
  landmarks: body.landmarks.map((landmark, id) => ({ ...landmark, x: (id * 0.37) % 1, y: (id * 0.61) % 1 })),
  worldLandmarks: body.worldLandmarks.map((_, id) => ({ x: (id * 0.37) % 1, y: (id * 0.61) % 1, z: (id * 0.13) % 1 })),
});

/** A look at the frame itself, not at a crop of it. */
const atFrame = (image: Picture) => image.width === width;

let engine: ScriptedEngine;
let attempts: FrameAttempts[];
beforeEach(() => {
  engine = new ScriptedEngine();
  attempts = [];
});

function analyzer(hasCareful = false, options: Partial<SmartOptions> = {}): SmartAnalyzer {
  const onAttempts = (entry: FrameAttempts) => attempts.push(entry);
  const usual = {
    people: 1,
    width,
    height,
    minScore: 0.6,
    person: 'first' as const,
    maxAttempts: 8,
    exhaustive: false,
    fixSwaps: false,
    onAttempts,
  };
  return new SmartAnalyzer(engine, hasCareful, { ...usual, ...options });
}

describe('the smart mode', () => {
  test('a good tracked pose costs one look', async () => {
    const smart = analyzer();
    for (let i = 0; i < 5; i++) await smart.analyze(frame(i));
    expect(engine.detections).toBe(0);
    const { status, people } = await smart.analyze(frame(5));
    expect(status).toBe('tracked');
    expect(people[0]).toMatchObject({ strategy: 'original', personId: 0 });
    expect(people[0].score).toBeGreaterThan(0.9);
  });

  test('nonsense is left out, after no more looks than are allowed, and the record says why', async () => {
    engine.onTrack = () => [nonsense()];
    const smart = analyzer(false, { maxAttempts: 3 });
    const result = await smart.analyze(frame(0));
    expect(result).toMatchObject({ status: 'missing', people: [] });
    expect(engine.detections).toBe(3);
    expect(attempts[0]).toMatchObject({ frameId: 0, won: null, why: expect.stringContaining('too low') });
  });

  test('somebody lost by the tracker is looked for at their own square, and the tracker is told where', async () => {
    engine.onTrack = call => (call === 2 ? [] : [body]);
    engine.onDetect = ({ region }, image) => (region && atFrame(image) ? [body] : []);
    const smart = analyzer();
    await smart.analyze(frame(0));
    await smart.analyze(frame(1));
    const found = await smart.analyze(frame(2));
    expect(found.people[0]).toMatchObject({ strategy: 'crop', status: 'detected' });
    expect(attempts.at(-1)).toMatchObject({ situation: 'lost', won: 'crop' });
    await smart.analyze(frame(3));
    const hint = engine.looks.at(-1)?.options.region;
    const hips = body.landmarks[23].x / 2 + body.landmarks[24].x / 2;
    expect(hint?.x).toBeCloseTo(hips * width, 6);
  });

  test('a stranger is let in only when a second look agrees', async () => {
    engine.onTrack = () => [];
    let seen = 0;
    engine.onDetect = ({ region }) => (region === undefined && seen++ === 0 ? [nonsense()] : []);
    expect(await analyzer().analyze(frame(0))).toMatchObject({ status: 'missing' });
  });

  test('while nobody is there, frames are searched less after a second', async () => {
    engine.onTrack = () => [];
    const smart = analyzer();
    await smart.analyze(frame(0));
    expect(engine.detections).toBe(8);
    await smart.analyze(frame(60));
    expect(engine.detections).toBe(10);
  });

  test('the careful network looks at the start, then every two seconds while it agrees', async () => {
    engine.onDetect = ({ careful }) => (careful ? [body] : []);
    const smart = analyzer(true);
    for (let i = 0; i < 5; i++) await smart.analyze(frame(i));
    expect(engine.detections).toBe(5);
    for (let i = 5; i < 60; i++) await smart.analyze(frame(i));
    expect(engine.detections).toBe(5);
    for (let i = 60; i < 70; i++) await smart.analyze(frame(i));
    expect(engine.detections).toBe(6);
    expect(attempts).toHaveLength(6);
  });

  test('somebody who comes back after a second is checked as at the start', async () => {
    engine.onTrack = call => (call >= 5 && call < 8 ? [] : [body]);
    engine.onDetect = ({ careful }) => (careful ? [body] : []);
    const smart = analyzer(true, { maxAttempts: 0 });
    for (let i = 0; i < 5; i++) await smart.analyze(frame(i));
    const before = engine.detections;
    for (const seconds of [1.5, 1.6, 1.7]) await smart.analyze(frame(0, seconds));
    for (let i = 0; i < 10; i++) await smart.analyze(frame(0, 1.8 + i / 30));
    expect(engine.detections - before).toBe(5);
  });

  test('left and right that change places against the motion are tried again, and the careful network is believed', async () => {
    engine.onTrack = call => [call === 10 ? exchangeSides(body) : body];
    engine.onDetect = ({ careful }, image) => (careful && atFrame(image) ? [body] : []);
    const smart = analyzer(true);
    for (let i = 0; i < 10; i++) await smart.analyze(frame(i));
    const { people } = await smart.analyze(frame(10));
    expect(attempts.at(-1)).toMatchObject({ frameId: 10, situation: 'jump', won: 'crop+heavy' });
    expect(people[0].pose.landmarks[11].x).toBeCloseTo(body.landmarks[11].x, 6);
  });

  test.each([false, true])('sides that stay exchanged are told, and put right if asked for: %s', async fixSwaps => {
    engine.onTrack = call => [call === 10 ? exchangeSides(body) : body];
    const smart = analyzer(false, { fixSwaps, minScore: 0.1 });
    for (let i = 0; i < 10; i++) await smart.analyze(frame(i));
    const { people } = await smart.analyze(frame(10));
    const shoulder = body.landmarks[fixSwaps ? 11 : 12].x;
    expect(people[0].swap).toBe(fixSwaps ? 'fixed' : 'found');
    expect(people[0].pose.landmarks[11].x).toBeCloseTo(shoulder, 6);
  });

  test('the largest person is followed from the start when that is asked for', async () => {
    const far = { ...body, landmarks: body.landmarks.map(point => ({ ...point, x: point.x / 3, y: point.y / 3 })) };
    engine.onDetect = ({ most }) => (most ? [far, body] : []);
    await analyzer(false, { person: 'largest' }).analyze(frame(0));
    const hips = (body.landmarks[23].x + body.landmarks[24].x) / 2;
    expect(engine.looks[1]).toMatchObject({ kind: 'track' });
    expect(engine.looks[1].options.region?.x).toBeCloseTo(hips * width, 6);
  });

  test('all ways are tried on each frame when that is asked for', async () => {
    const smart = analyzer(false, { exhaustive: true });
    await smart.analyze(frame(0));
    expect(attempts[0].tried.length).toBeGreaterThan(6);
  });
});
