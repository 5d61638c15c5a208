import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectVideo } from '../../../src/analyze/inspect-video.js';
import { planSegments } from '../../../src/analyze/segments/plan-segments.js';
import type { AnalysedFrame } from '../../../src/analyze/segments/protocol.js';
import { SegmentTeam } from '../../../src/analyze/segments/segment-team.js';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { analyzeOptions, USUAL_ENGINE } from '../../support/options.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();

/** The plan of a video that is analysed in segments, with what a team needs. */
async function planOf(path: string, maxFrames: number) {
  const engine = { ...USUAL_ENGINE, model: 'lite' };
  const selection = { every: 1, maxFrames };
  const usual = analyzeOptions(folder, { engineName: 'native', engine, selection });
  const analysis = { ...usual.analysis, segments: 'on' as const };
  const options = { ...usual, analysis, machine: { ...usual.machine, segmentsAtOnce: 2 } };
  const inspected = await inspectVideo(path, options);
  await using _source = inspected.source;
  const plan = planSegments(inspected, message => expect.fail(message));
  return { ...plan!, source: { path, options, explains: false }, warn: () => {} };
}

test('--max-frames within the first segment: no later one is planned, and no further frame analysed', async () => {
  const long = join(folder, 'long.mp4');
  const loop = ['-stream_loop', '13', '-i', join(SAMPLES, 'treadmill.mp4'), '-t', '70', '-vf', 'fps=4,scale=160:-2'];
  await makeWithFfmpeg([...loop, '-c:v', 'libx264', '-g', '8', '-an'], long);
  expect((await planOf(long, 1000)).last).toBe(2);
  expect((await planOf(long, 121)).last).toBe(1);
  expect((await planOf(long, 120)).last).toBe(0);
  await using team = await SegmentTeam.open(await planOf(long, 12));
  expect((await team.take(0)).frames).toHaveLength(12);
  expect(team.framesAhead).toBe(0);
}, 60_000);

test('in a later segment, the frames behind the estimated end are not analysed, and can be added', async () => {
  const long = join(folder, 'long.mp4');
  const plan = await planOf(long, 125);
  await using team = await SegmentTeam.open(plan);
  const own = ({ frames }: Awaited<ReturnType<typeof team.take>>) => frames.filter(({ timestamp }) => timestamp >= 30);
  const cut = await team.take(1);
  expect(own(cut).map(({ timestamp }) => timestamp)).toEqual([30, 30.25, 30.5, 30.75, 31]);
  const more = await team.further(1, cut.memory!, 31, 3);
  expect(more.frames.map(({ timestamp }) => timestamp)).toEqual([31.25, 31.5, 31.75]);
  await using whole = await SegmentTeam.open({ ...plan, limit: undefined });
  const people = (frames: readonly AnalysedFrame[]) => frames.map(({ result }) => result.people);
  expect(people([...own(cut), ...more.frames])).toEqual(people(own(await whole.take(1)).slice(0, 8)));
}, 60_000);
