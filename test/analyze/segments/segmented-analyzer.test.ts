import { describe, expect, test } from 'vitest';
import { Cuts } from '../../../src/analyze/segments/cuts.js';
import type { AnalysedSegment, Memory } from '../../../src/analyze/segments/protocol.js';
import { SegmentedAnalyzer, SegmentsUnfit } from '../../../src/analyze/segments/segmented-analyzer.js';
import type { Frame } from '../../../src/model/frame.js';
import type { PersonResult } from '../../../src/model/result.js';
import { statusOf } from '../../../src/model/result.js';
import { standingPose } from '../../support/fake-engine.js';

const FPS = 2;
const SIZE = { width: 640, height: 480 };

/** A person by own id and place from left to right, 0-1. */
type Placed = readonly [id: number, x: number];

function people(placed: readonly Placed[]): PersonResult[] {
  return placed.map(([personId, x]) => ({
    personId,
    pose: standingPose(x),
    status: 'tracked',
    strategy: 'original',
    score: 0.9,
  }));
}

/** A segment that a team would have analysed: who is where, by time. */
function segment(
  index: number,
  from: number,
  to: number,
  who: (seconds: number) => readonly Placed[],
  memory: Memory | undefined = { engine: index, analyzer: index },
): AnalysedSegment {
  const frames = [];
  for (let n = Math.ceil(from * FPS); n < to * FPS; n++) {
    const found = people(who(n / FPS));
    const result = { frameId: n, timestamp: n / FPS, status: statusOf(found), people: found };
    frames.push({ timestamp: n / FPS, result, attempts: [] });
  }
  return { index, frames, memory, framesOverBudget: 1 };
}

class FakeTeam {
  readonly repeated: { index: number; memory: Memory | undefined }[] = [];
  readonly continued: { index: number; memory: Memory; after: number; most: number }[] = [];
  readonly segments: readonly AnalysedSegment[];
  readonly #again: (index: number) => AnalysedSegment;

  constructor(segments: readonly AnalysedSegment[], again?: (index: number) => AnalysedSegment) {
    this.segments = segments;
    this.#again = again ?? (index => segments[index]!);
  }

  take = async (index: number) => this.segments[index]!;
  again = async (index: number, memory: Memory | undefined) => {
    this.repeated.push({ index, memory });
    return memory ? this.#again(index) : this.segments[index]!;
  };
  further = async (index: number, memory: Memory, after: number, most: number) => {
    this.continued.push({ index, memory, after, most });
    return segment(index, after + 1 / FPS, after + 1 / FPS + most / FPS, () => [[0, LEFT]]);
  };
}

const frameAt = (n: number): Frame => ({
  frameId: n,
  timestamp: n / FPS,
  steady: { seconds: n / FPS, leaps: 0 },
  image: undefined as never, // Nobody looks at it.
  release: () => {},
});

const open = (team: FakeTeam, maxFrames?: number) =>
  new SegmentedAnalyzer(
    team,
    new Cuts(0),
    { size: SIZE, timeScale: 1, maxFrames, signal: new AbortController().signal },
    undefined,
  );

async function idsOf(analyzer: SegmentedAnalyzer, from: number, to: number): Promise<number[][]> {
  const ids: number[][] = [];
  for (let n = from; n < to; n++) ids.push((await analyzer.analyze(frameAt(n))).people.map(one => one.personId));
  return ids;
}

const LEFT = 0.2;
const RIGHT = 0.8;

describe('a video in segments', () => {
  test('gives each frame its own number and time, once, without the lead-in', async () => {
    const team = new FakeTeam([segment(0, 0, 30, () => [[0, LEFT]]), segment(1, 29, 60, () => [[0, LEFT]])]);
    const analyzer = open(team);
    for (let n = 0; n < 120; n++) {
      const result = await analyzer.analyze(frameAt(n));
      expect([result.frameId, result.timestamp]).toEqual([n, n / FPS]);
    }
    expect(analyzer.notes()).toEqual({ framesOverBudget: 2 });
  });

  test('keeps the numbers of people, in whatever order a segment found them', async () => {
    const team = new FakeTeam([
      segment(0, 0, 30, () => [
        [0, LEFT],
        [1, RIGHT],
      ]),
      segment(1, 29, 60, () => [
        [0, RIGHT],
        [1, LEFT],
      ]),
    ]);
    const analyzer = open(team);
    await idsOf(analyzer, 0, 60);
    const result = await analyzer.analyze(frameAt(60));
    const placed = result.people.map(({ personId, pose }) => [personId, pose.landmarks[0]!.x < 0.5]);
    expect(placed).toEqual([
      [0, true],
      [1, false],
    ]);
    expect(team.repeated).toEqual([]);
  });

  test('a person who comes while all others are here gets the next number', async () => {
    const team = new FakeTeam([
      segment(0, 0, 30, () => [[0, LEFT]]),
      segment(1, 29, 60, seconds =>
        seconds < 40
          ? [[0, LEFT]]
          : [
              [0, LEFT],
              [5, RIGHT],
            ],
      ),
    ]);
    const analyzer = open(team);
    await idsOf(analyzer, 0, 80);
    expect(await idsOf(analyzer, 80, 82)).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test('a segment in which a person appears while a known one is away is analysed again, from the state before', async () => {
    const alone = segment(1, 29, 60, seconds => (seconds < 40 ? [] : [[0, RIGHT]]));
    const known = segment(1, 30, 60, seconds => (seconds < 40 ? [] : [[0, RIGHT]]));
    const team = new FakeTeam([segment(0, 0, 30, seconds => (seconds < 20 ? [[0, LEFT]] : [])), alone], () => known);
    const analyzer = open(team);
    await idsOf(analyzer, 0, 80);
    expect(team.repeated).toEqual([{ index: 1, memory: { engine: 0, analyzer: 0 } }]);
    expect(await idsOf(analyzer, 80, 81)).toEqual([[0]]);
  });

  test('so is one whose lead-in ends with another person, and an empty one is not', async () => {
    const other = new FakeTeam([segment(0, 0, 30, () => [[0, LEFT]]), segment(1, 29, 60, () => [[0, RIGHT]])], () =>
      segment(1, 30, 60, () => [[0, LEFT]]),
    );
    expect((await idsOf(open(other), 0, 61)).at(-1)).toEqual([0]);
    expect(other.repeated).toHaveLength(1);
    const empty = new FakeTeam([
      segment(0, 0, 30, seconds => (seconds < 20 ? [[0, LEFT]] : [])),
      segment(1, 29, 60, () => []),
    ]);
    expect((await idsOf(open(empty), 0, 120)).at(-1)).toEqual([]);
  });

  test('continues from the middle of a segment, even one that was analysed again', async () => {
    const make = () =>
      new FakeTeam([segment(0, 0, 30, () => [[0, LEFT]]), segment(1, 29, 60, () => [[0, RIGHT]])], () =>
        segment(1, 30, 60, () => [[0, LEFT]]),
      );
    const whole = await idsOf(open(make()), 0, 120);
    for (const stop of [20, 60, 61, 100]) {
      const first = open(make());
      const before = await idsOf(first, 0, stop);
      const second = open(make());
      second.restore(structuredClone(first.save()));
      expect([...before, ...(await idsOf(second, stop, 120))]).toEqual(whole);
    }
  });

  test('continues a segment whose estimated end is too early for --max-frames, once and no further', async () => {
    const make = () => new FakeTeam([segment(0, 0, 10, () => [[0, LEFT]])]);
    const [team, other] = [make(), make()];
    const analyzer = open(team, 50);
    const ids = await idsOf(analyzer, 0, 50);
    expect(ids).toEqual(Array.from({ length: 50 }, () => [0]));
    expect(team.continued).toEqual([{ index: 0, memory: { engine: 0, analyzer: 0 }, after: 9.5, most: 30 }]);
    expect(analyzer.notes()).toEqual({ framesOverBudget: 2 });
    const second = open(other, 50);
    const first = open(make(), 50);
    await idsOf(first, 0, 30);
    second.restore(structuredClone(first.save()));
    expect(await idsOf(second, 30, 50)).toEqual(ids.slice(30));
    expect(second.notes()).toEqual({ framesOverBudget: 2 });
  });

  test('people at a cut are compared with the last frame, even if the segment before it was estimated to end early', async () => {
    const team = new FakeTeam([segment(0, 0, 10, () => [[0, LEFT]]), segment(1, 29, 60, () => [[0, RIGHT]])], () =>
      segment(1, 30, 60, () => [[0, LEFT]]),
    );
    const analyzer = open(team, 61);
    await idsOf(analyzer, 0, 60);
    expect(await idsOf(analyzer, 60, 61)).toEqual([[0]]);
    expect(team.continued).toHaveLength(1);
  });

  test('refuses times that fall, frames that a segment lacks, and an engine without memory', async () => {
    const falling = open(new FakeTeam([segment(0, 0, 30, () => []), segment(1, 29, 60, () => [])]));
    await idsOf(falling, 0, 61);
    await expect(falling.analyze(frameAt(10))).rejects.toThrow(SegmentsUnfit);
    const lacking = segment(0, 0, 30, () => [[0, LEFT]]);
    const torn = open(new FakeTeam([{ ...lacking, frames: lacking.frames.filter((_, n) => n !== 7) }]));
    await expect(idsOf(torn, 0, 20)).rejects.toThrow('frames differ');
    const bare = { ...segment(0, 0, 30, () => [[0, LEFT]]), memory: undefined };
    const forgetful = open(new FakeTeam([bare, segment(1, 29, 60, () => [[0, RIGHT]])]));
    await expect(idsOf(forgetful, 0, 61)).rejects.toThrow('cannot go on');
  });

  test('stops waiting when the run ends', async () => {
    const stop = new AbortController();
    const never = {
      take: () => new Promise<AnalysedSegment>(() => {}),
      again: () => new Promise<AnalysedSegment>(() => {}),
      further: () => new Promise<AnalysedSegment>(() => {}),
    };
    const analyzer = new SegmentedAnalyzer(
      never,
      new Cuts(0),
      { size: SIZE, timeScale: 1, signal: stop.signal },
      undefined,
    );
    const waiting = analyzer.analyze(frameAt(0));
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
  });
});
