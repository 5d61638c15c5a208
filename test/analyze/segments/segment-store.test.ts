import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AnalyzeOptions } from '../../../src/analyze/options.js';
import { Cuts } from '../../../src/analyze/segments/cuts.js';
import type { AnalysedSegment } from '../../../src/analyze/segments/protocol.js';
import { SegmentFolder } from '../../../src/analyze/segments/segment-folder.js';
import { type SegmentShelf, SegmentsTaken, storedSegments } from '../../../src/analyze/segments/segment-shelf.js';
import { type SegmentOrigin, SegmentStore } from '../../../src/analyze/segments/segment-store.js';
import { removeSegmentObjects, SegmentObjects } from '../../../src/batch/segment-objects.js';
import type { EngineInfo } from '../../../src/engine/pose-engine.js';
import { UnreadableFile } from '../../../src/formats/regular-file.js';
import { statusOf } from '../../../src/model/result.js';
import { standingPose } from '../../support/fake-engine.js';
import { type Bucket, MOTO } from '../../support/moto.js';
import { analyzeOptions, withOptions } from '../../support/options.js';
import { type ProxiedBucket, startProxiedBucket } from '../../support/proxied-bucket.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
let places = 0;
let proxied: ProxiedBucket;
let bucket: Bucket;

/** A place for the segments of one video. */
interface Half {
  readonly shelf: SegmentShelf;
  readonly removeAll: () => Promise<void>;
}

interface Setting extends Half {
  readonly store: SegmentStore;
  readonly outDir: string;
  readonly warnings: string[];
  /** The same video again, as another command opens it. */
  readonly open: (change?: Change) => Promise<SegmentStore>;
}

interface Change {
  readonly options?: (options: AnalyzeOptions) => AnalyzeOptions;
  readonly engine?: Partial<EngineInfo>;
  readonly decoder?: string;
}

async function inFolder(outDir: string): Promise<Half> {
  const shelf = new SegmentFolder(outDir, join(outDir, '.bodyscript', 'segments', 'walk'));
  return { shelf, removeAll: () => shelf.remove() };
}

async function inBucket(outDir: string): Promise<Half> {
  const place = `s3://lab${outDir}`;
  const shelf = await SegmentObjects.open({ place, replaces: undefined }, 'walk', true);
  return {
    shelf,
    removeAll: () =>
      removeSegmentObjects(place, 'walk', message => {
        throw new Error(message);
      }),
  };
}

const HALVES: [string, boolean, typeof inFolder][] = [
  ['a folder', true, inFolder],
  ['a bucket', MOTO !== undefined, inBucket],
];

async function setting(half: typeof inFolder = inFolder): Promise<Setting> {
  const outDir = join(folder, String(places++));
  await mkdir(outDir);
  const video = join(outDir, 'walk.mp4');
  await writeFile(video, 'a video');
  const warnings: string[] = [];
  const place = await half(outDir);
  const open = ({ options = one => one, engine = {}, decoder = '5.1' }: Change = {}) => {
    const inspected = {
      source: { files: [video], bytes: 7, etag: undefined },
      binaries: { ffmpeg: { path: 'ffmpeg', version: decoder } },
      size: { width: 640, height: 480 },
      options: options(analyzeOptions(outDir)),
    } as unknown as SegmentOrigin['inspected'];
    const info = { name: 'fake', version: '1', model: 'lite', modelSha256: 'ab', provider: 'cpu', ...engine } as const;
    const warn = (message: string) => void warnings.push(message);
    return SegmentStore.open(place.shelf, { inspected, engine: info, cuts: new Cuts(0), warn });
  };
  return { ...place, outDir, warnings, open, store: await open() };
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

/** The key of the segments, which are all of the same options. */
const keyOf = async ({ shelf }: Half) => (await shelf.list())[0]?.key ?? '';
const LIMIT = 1e6;

/** Writes content under a valid header, as a forger would. */
async function forge(one: Half, index: number, change: (text: string) => string): Promise<void> {
  const place = { key: await keyOf(one), index };
  const [, body = ''] = /^[^\n]*\n([\s\S]*)$/.exec((await one.shelf.read(place, LIMIT)).toString()) ?? [];
  const text = change(body);
  expect(text).not.toBe(body);
  const sha256 = createHash('sha256').update(text).digest('hex');
  await one.shelf.write(place, Buffer.from(`bodyscript segment 1 ${Buffer.byteLength(text)} ${sha256}\n${text}`));
}

/** With the person of the first frame again. */
function twice(text: string): string {
  const stored = JSON.parse(text);
  const { people } = stored.frames[0].result;
  people.push(people[0]);
  return JSON.stringify(stored);
}

beforeAll(async () => {
  if (MOTO === undefined) return;
  proxied = await startProxiedBucket(folder);
  ({ bucket } = proxied);
  Object.assign(process.env, bucket.env(proxied.proxy.endpoint));
}, 90_000);

describe.each(HALVES)('segments stored in %s', (_, isThere, half) => {
  const ifHere = test.runIf(isThere);

  ifHere('are read back with each bit, by another command', async () => {
    const one = await setting(half);
    expect(await one.store.write(segment(2))).toBe(true);
    const other = await one.open();
    expect([...(await other.list())]).toEqual([2]);
    expect(other.has(2)).toBe(true);
    expect(await other.read(2)).toStrictEqual(segment(2));
    expect([await other.read(1), one.warnings]).toEqual([undefined, []]);
    expect([...(await storedSegments(one.shelf))]).toEqual([2]);
  });

  ifHere.each<[string, Change]>([
    ['options that affect the numbers', { options: one => withOptions(one, { minScore: 0.9 }) }],
    ['--explain', { options: one => withOptions(one, { explain: true }) }],
    ['another network', { engine: { modelSha256: 'cd' } }],
    ['another ffmpeg', { decoder: '7.0' }],
  ])('are not found with %s', async (_what, change) => {
    const one = await setting(half);
    await one.store.write(segment(0));
    expect([...(await (await one.open(change)).list())]).toEqual([]);
  });

  ifHere('are found with options that affect no number, and wherever the weights are', async () => {
    const one = await setting(half);
    await one.store.write(segment(0));
    const options = (given: AnalyzeOptions) => withOptions(given, { threads: 7, plots: true, outDir: '/elsewhere' });
    expect([...(await (await one.open({ options, engine: { weights: 'mapped' } })).list())]).toEqual([0]);
  });

  ifHere('are not found once the video has changed, be it by its time alone', async () => {
    const one = await setting(half);
    await one.store.write(segment(0));
    await utimes(join(one.outDir, 'walk.mp4'), 1e9, 1e9);
    expect([...(await (await one.open()).list())]).toEqual([]);
  });

  ifHere.each<[string, RegExp, (text: string) => string]>([
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
  ])('with %s are refused, however valid their checksum', async (_what, says, change) => {
    const one = await setting(half);
    await one.store.write(segment(1));
    await forge(one, 1, change);
    const other = await one.open();
    expect([await other.read(1), one.warnings]).toEqual([undefined, [expect.stringMatching(says)]]);
    expect(one.warnings[0]).toMatch(/1\.segment: .*; analysing this segment here/);
  });

  ifHere('that are damaged, or of another place, are refused', async () => {
    const one = await setting(half);
    for (const index of [0, 1, 2]) await one.store.write(segment(index));
    const key = await keyOf(one);
    const [first, second] = await Promise.all([0, 1].map(index => one.shelf.read({ key, index }, LIMIT)));
    await one.shelf.write({ key, index: 0 }, first!.subarray(0, 1000));
    await one.shelf.write({ key, index: 1 }, Buffer.alloc(0));
    await one.shelf.write({ key, index: 2 }, second!);
    const other = await one.open();
    for (const index of [0, 1, 2]) expect(await other.read(index)).toBeUndefined();
    expect(one.warnings).toEqual([
      expect.stringContaining('0.segment: is damaged; '),
      expect.stringContaining('1.segment: is damaged, or has another version; '),
      expect.stringContaining('2.segment: belongs to another segment; '),
    ]);
  });

  ifHere('are read no further than their limit, and what does not exist is not read', async () => {
    const one = await setting(half);
    await one.store.write(segment(0));
    const key = await keyOf(one);
    const { length } = await one.shelf.read({ key, index: 0 }, LIMIT);
    expect(await one.shelf.read({ key, index: 0 }, length)).toHaveLength(length);
    await expect(one.shelf.read({ key, index: 0 }, length - 1)).rejects.toThrow('is larger than');
    await expect(one.shelf.read({ key, index: 1 }, LIMIT)).rejects.toThrow(UnreadableFile);
  });

  ifHere('are removed with all of the video, whatever their options', async () => {
    const one = await setting(half);
    await one.store.write(segment(0));
    await (await one.open({ decoder: '7.0' })).write(segment(0));
    expect(await one.store.countOthers()).toBe(1);
    await one.removeAll();
    expect(await one.shelf.list()).toEqual([]);
    expect([...(await one.store.list())]).toEqual([]);
  });
});

describe('segments stored in a folder', () => {
  test('that are too large, or links, are refused', async () => {
    const one = await setting();
    for (const index of [0, 1]) await one.store.write(segment(index));
    const key = await keyOf(one);
    const [first = '', second = ''] = [0, 1].map(index => one.shelf.nameOf({ key, index }));
    await truncate(first, 2 ** 40); // Sparse: it takes no room.
    await rename(second, join(folder, `outside-${places}`));
    await symlink(join(folder, `outside-${places}`), second);
    const other = await one.open();
    for (const index of [0, 1]) expect(await other.read(index)).toBeUndefined();
    expect(one.warnings).toEqual([
      expect.stringContaining('is larger than 256 MB'),
      expect.stringContaining('is a link to another folder'),
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
    await one.removeAll();
    expect(await readdir(join(outside, 'walk'))).toEqual(['precious']);
  });

  test('leave no folder when they are removed', async () => {
    const one = await setting();
    await one.store.write(segment(0));
    await one.removeAll();
    expect(await readdir(join(one.outDir, '.bodyscript'))).toEqual([]);
  });
});

describe.skipIf(!MOTO)('segments stored in a bucket', () => {
  test('belong to whoever has published the video, once they are gone', async () => {
    const one = await setting(inBucket);
    for (const index of [0, 1]) await one.store.write(segment(index));
    await one.store.list();
    const [first, second] = Object.keys(await bucket.list(one.outDir.slice(1)));
    await bucket.remove(first!);
    expect(await one.store.read(0)).toBeUndefined();
    expect(one.warnings).toEqual([expect.stringMatching(/^s3:\/\/lab.*0\.segment: no such object; analysing/)]);
    await bucket.put(`${one.outDir.slice(1)}/walk.run.json`, 'of another command');
    expect(await one.store.read(1)).toStrictEqual(segment(1));
    await bucket.remove(second!);
    await expect(one.store.read(1)).rejects.toThrow(SegmentsTaken);
  });

  test('that may not be removed fail nothing: a warning names them', async () => {
    const one = await setting(inBucket);
    await one.store.write(segment(0));
    proxied.proxy.fault = ({ method }) => (method === 'DELETE' ? { status: 403, code: 'AccessDenied' } : undefined);
    const warnings: string[] = [];
    await removeSegmentObjects(`s3://lab${one.outDir}`, 'walk', message => void warnings.push(message));
    proxied.calm();
    expect(warnings).toEqual([expect.stringMatching(/could not be removed: s3:\/\/lab.*0\.segment: access denied/)]);
    expect(await one.shelf.list()).toHaveLength(1);
  });

  test('are read on where the connection breaks, but never beyond their announced length', async () => {
    const one = await setting(inBucket);
    await one.store.write(segment(0));
    await one.store.list();
    let cuts = 0;
    proxied.proxy.fault = ({ method }) => (method === 'GET' && ++cuts <= 2 ? { cutAfter: 500 * cuts } : undefined);
    expect(await one.store.read(0)).toStrictEqual(segment(0));
    proxied.calm();
    expect([cuts, one.warnings]).toEqual([3, []]);
  });

  test('are those that have such names alone, and those of other videos stay', async () => {
    const one = await setting(inBucket);
    await one.store.write(segment(7));
    const [key = ''] = Object.keys(await bucket.list(one.outDir.slice(1)));
    const root = dirname(dirname(key));
    const strange = [
      '7.segment',
      'zz/7.segment',
      'ab/7.segment.bak',
      'ab/x/7.segment',
      'ab/12345678.segment',
      'ab/-1.segment',
    ];
    for (const name of strange) await bucket.put(`${root}/${name}`, 'strange');
    await bucket.put(`${dirname(root)}/other/ab/7.segment`, 'of another video');
    expect((await one.shelf.list()).map(({ index }) => index)).toEqual([7]);
    await one.removeAll();
    const left = Object.keys(await bucket.list(one.outDir.slice(1)));
    expect(left).toEqual([`${dirname(root)}/other/ab/7.segment`]);
  });
});
