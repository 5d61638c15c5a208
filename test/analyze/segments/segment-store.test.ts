import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnalyzeOptions } from '../../../src/analyze/options.js';
import { Cuts } from '../../../src/analyze/segments/cuts.js';
import type { AnalysedSegment } from '../../../src/analyze/segments/protocol.js';
import {
  removeSegments,
  type SegmentOrigin,
  SegmentStore,
  storedSegments,
} from '../../../src/analyze/segments/segment-store.js';
import type { EngineInfo } from '../../../src/engine/pose-engine.js';
import { statusOf } from '../../../src/model/result.js';
import { standingPose } from '../../support/fake-engine.js';
import { analyzeOptions, withOptions } from '../../support/options.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
let places = 0;

interface Setting {
  readonly store: SegmentStore;
  readonly outDir: string;
  readonly folder: string;
  readonly warnings: string[];
  /** The same video again, as another command opens it. */
  readonly open: (change?: Change) => Promise<SegmentStore>;
}

interface Change {
  readonly options?: (options: AnalyzeOptions) => AnalyzeOptions;
  readonly engine?: Partial<EngineInfo>;
  readonly decoder?: string;
}

async function setting(): Promise<Setting> {
  const outDir = join(folder, String(places++));
  await mkdir(outDir);
  const video = join(outDir, 'walk.mp4');
  await writeFile(video, 'a video');
  const warnings: string[] = [];
  const place = { outDir, folder: join(outDir, '.bodyscript', 'segments', 'walk') };
  const open = ({ options = one => one, engine = {}, decoder = '5.1' }: Change = {}) => {
    const inspected = {
      source: { files: [video], bytes: 7, etag: undefined },
      binaries: { ffmpeg: { path: 'ffmpeg', version: decoder } },
      size: { width: 640, height: 480 },
      options: options(analyzeOptions(outDir)),
    } as unknown as SegmentOrigin['inspected'];
    const info = { name: 'fake', version: '1', model: 'lite', modelSha256: 'ab', provider: 'cpu', ...engine } as const;
    const warn = (message: string) => void warnings.push(message);
    return SegmentStore.open(place, { inspected, engine: info, cuts: new Cuts(0), warn });
  };
  return { ...place, warnings, open, store: await open() };
}

/** Two frames a second; the first two are the lead-in. */
function segment(index: number): AnalysedSegment {
  const frames = Array.from({ length: 20 }, (_, n) => {
    const timestamp = 30 * index - 1 + n / 2;
    const pose = { ...standingPose(0.3), presence: undefined };
    const people = [{ personId: 0, pose, status: 'tracked', strategy: 'original', score: 1 / 3 }] as const;
    return { timestamp, result: { frameId: n, timestamp, status: statusOf(people), people }, attempts: [] };
  });
  return { index, frames, memory: undefined, framesOverBudget: 3 };
}

const fileOf = async ({ folder: root }: Setting, index: number) =>
  join(root, (await readdir(root))[0] ?? '', `${index}.segment`);

/** Writes content under a valid header, as a forger would. */
async function forge(path: string, change: (text: string) => string): Promise<void> {
  const [, body = ''] = /^[^\n]*\n([\s\S]*)$/.exec(await readFile(path, 'utf8')) ?? [];
  const text = change(body);
  expect(text).not.toBe(body);
  const sha256 = createHash('sha256').update(text).digest('hex');
  await writeFile(path, `bodyscript segment 1 ${Buffer.byteLength(text)} ${sha256}\n${text}`);
}

/** With the person of the first frame again. */
function twice(text: string): string {
  const stored = JSON.parse(text);
  const { people } = stored.frames[0].result;
  people.push(people[0]);
  return JSON.stringify(stored);
}

describe('stored segments', () => {
  test('are read back with each bit, by another command', async () => {
    const one = await setting();
    expect(await one.store.write(segment(2))).toBe(true);
    const other = await one.open();
    expect([...(await other.list())]).toEqual([2]);
    expect(other.has(2)).toBe(true);
    expect(await other.read(2)).toStrictEqual(segment(2));
    expect([await other.read(1), one.warnings]).toEqual([undefined, []]);
    expect([...(await storedSegments(one))]).toEqual([2]);
  });

  test.each<[string, Change]>([
    ['options that affect the numbers', { options: one => withOptions(one, { minScore: 0.9 }) }],
    ['--explain', { options: one => withOptions(one, { explain: true }) }],
    ['another network', { engine: { modelSha256: 'cd' } }],
    ['another ffmpeg', { decoder: '7.0' }],
  ])('are not found with %s', async (_, change) => {
    const one = await setting();
    await one.store.write(segment(0));
    expect([...(await (await one.open(change)).list())]).toEqual([]);
  });

  test('are found with options that affect no number, and wherever the weights are', async () => {
    const one = await setting();
    await one.store.write(segment(0));
    const options = (given: AnalyzeOptions) => withOptions(given, { threads: 7, plots: true, outDir: '/elsewhere' });
    expect([...(await (await one.open({ options, engine: { weights: 'mapped' } })).list())]).toEqual([0]);
  });

  test('are not found once the video has changed, be it by its time alone', async () => {
    const one = await setting();
    await one.store.write(segment(0));
    await utimes(join(one.outDir, 'walk.mp4'), 1e9, 1e9);
    expect([...(await (await one.open()).list())]).toEqual([]);
  });

  test.each<[string, RegExp, (text: string) => string]>([
    [
      'a count that is too high',
      /contradicts itself/,
      text => text.replace('"framesOverBudget":3', '"framesOverBudget":99'),
    ],
    ['a time before its lead-in', /contradicts itself/, text => text.replace('{"timestamp":29,', '{"timestamp":1,')],
    [
      'a time of the next segment',
      /contradicts itself/,
      text => text.replace('{"timestamp":38.5,', '{"timestamp":61,'),
    ],
    [
      'a status that its people deny',
      /contradicts itself/,
      text => text.replace('"status":"tracked","people"', '"status":"missing","people"'),
    ],
    ['a person twice in a frame', /contradicts itself/, twice],
    ['an unknown status', /must be one of/, text => text.replace('"status":"tracked"', '"status":"gone"')],
    [
      'too few landmarks',
      /was not written by bodyscript/,
      text => text.replace(/"keys":\["x","y","z","visibility"\]/, '"keys":["x","y"]'),
    ],
    ['another index', /belongs to another segment/, text => text.replace('"index":1', '"index":2')],
    ['another key', /belongs to another segment/, text => text.replace(/"key":"../, '"key":"zz')],
    ['no JSON', /is not valid JSON/, text => text.slice(1)],
    ['a prototype', /__proto__/, text => text.replace('"index":1', '"__proto__":{"a":1},"index":1')],
  ])('with %s are refused, however valid their checksum', async (_, says, change) => {
    const one = await setting();
    await one.store.write(segment(1));
    await forge(await fileOf(one, 1), change);
    const other = await one.open();
    expect([await other.read(1), one.warnings]).toEqual([undefined, [expect.stringMatching(says)]]);
    expect(one.warnings[0]).toMatch(/1\.segment: .*; analysing this segment here/);
  });

  test('that are damaged, too large, links, or of another place are refused', async () => {
    const one = await setting();
    for (const index of [0, 1, 2, 3]) await one.store.write(segment(index));
    const paths = await Promise.all([0, 1, 2, 3].map(index => fileOf(one, index)));
    await truncate(paths[0]!, 1000);
    await truncate(paths[1]!, 2 ** 40); // Sparse: it takes no room.
    await rename(paths[2]!, join(folder, `outside-${places}`));
    await symlink(join(folder, `outside-${places}`), paths[2]!);
    await copyFile(join(folder, `outside-${places}`), paths[3]!);
    const other = await one.open();
    for (const index of [0, 1, 2, 3]) expect(await other.read(index)).toBeUndefined();
    expect(one.warnings).toEqual([
      expect.stringContaining('is damaged'),
      expect.stringContaining('is larger than 256 MB'),
      expect.stringContaining('is a link to another folder'),
      expect.stringContaining('belongs to another segment'),
    ]);
  });

  test('are neither written nor removed through a link that leads out of the results', async () => {
    const one = await setting();
    const outside = join(folder, `planted-${places}`);
    await mkdir(join(outside, 'walk'), { recursive: true });
    await writeFile(join(outside, 'walk', 'precious'), '');
    await mkdir(join(one.outDir, '.bodyscript'));
    await symlink(outside, join(one.outDir, '.bodyscript', 'segments'));
    await expect(one.store.write(segment(0))).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    await removeSegments(one);
    expect(await readdir(join(outside, 'walk'))).toEqual(['precious']);
  });

  test('are removed with all of the video, whatever their options', async () => {
    const one = await setting();
    await one.store.write(segment(0));
    await (await one.open({ decoder: '7.0' })).write(segment(0));
    await removeSegments(one);
    expect(await readdir(join(one.outDir, '.bodyscript'))).toEqual([]);
  });
});
