import { createHash } from 'node:crypto';
import { copyFile, cp, readdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AnalyzeOptions } from '../../../src/analyze/options.js';
import { analysePiece, type Piece } from '../../../src/analyze/segments/analyse-piece.js';
import { SegmentFolder } from '../../../src/analyze/segments/segment-folder.js';
import { segmentsPath } from '../../../src/batch/own-folder.js';
import type { VideoOutcome } from '../../../src/batch/worker/protocol.js';
import { runTask, type TaskContext } from '../../../src/batch/worker/run-task.js';
import { toAnalyzeOptions } from '../../../src/options/analyze-options.js';
import { ANALYZE } from '../../../src/options/analyze-table.js';
import { resolveOptions } from '../../../src/options/resolve.js';
import { fullTest } from '../../support/full-tests.js';
import { LONG_MS, makeLongClip } from '../../support/long-clip.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const CLIP = at('walk.mp4');
/** Of the clip. */
const SEGMENTS = 4;
const LAST: Piece = { from: 3, to: 3 };

function optionsFor(out: string, more: Record<string, unknown> = {}): AnalyzeOptions {
  const values = { mode: 'fast', model: 'lite', overlay: false, segments: 1, out: at(out), ...more };
  return toAnalyzeOptions(resolveOptions(ANALYZE, [{ source: 'the test', nameOf: String, values }]));
}

interface Run {
  readonly clip?: string;
  readonly options?: Record<string, unknown>;
  readonly context?: Partial<TaskContext>;
}

async function run(out: string, piece: Piece | undefined, { clip = CLIP, options, context }: Run = {}) {
  const task = { path: clip, name: 'walk', options: optionsFor(out, options), resume: true, piece };
  return runTask(task, { ...context });
}

/** What a failed run says belongs to the test's own failure. */
function kindOf(outcome: VideoOutcome): unknown {
  if (outcome.kind === 'failed') return outcome.error.message;
  return outcome.kind === 'waiting' ? { missing: outcome.missing } : outcome.kind;
}

const csv = (out: string) => readFile(at(out, 'walk.csv'), 'utf8');

/** The paths of the stored segments of a folder of results. */
async function segmentsOf(out: string): Promise<string[]> {
  const root = segmentsPath(at(out), 'walk');
  const [key = ''] = await readdir(root);
  return Array.from({ length: SEGMENTS }, (_, index) => join(root, key, `${index}.segment`));
}

/** Writes content under a valid header, as a forger would. */
async function forge(path: string, change: (text: string) => string): Promise<void> {
  const [, body = ''] = /^[^\n]*\n([\s\S]*)$/.exec(await readFile(path, 'utf8')) ?? [];
  const text = change(body);
  expect(text).not.toBe(body);
  const sha256 = createHash('sha256').update(text).digest('hex');
  await writeFile(path, `bodyscript segment 1 ${Buffer.byteLength(text)} ${sha256}\n${text}`);
}

beforeAll(async () => {
  await makeLongClip(CLIP, 100);
  expect(kindOf(await run('local', undefined))).toBe('done');
  expect(kindOf(await run('most', { from: 0, to: 2 }))).toEqual({ missing: 1 });
  await cp(at('most'), at('all'), { recursive: true });
  const context = { mayPublish: () => Promise.reject(new Error('stopped before the end')) };
  expect(kindOf(await run('all', LAST, { context }))).toBe('stopped before the end');
  await rm(at('all', '.bodyscript', 'checkpoints'), { recursive: true });
}, LONG_MS);

describe('a piece of a video', () => {
  test('that stores the last segment joins the video to the table of one command, and removes the segments', async () => {
    await cp(at('all'), at('joined'), { recursive: true });
    let admitted = 0;
    const admit = async () => {
      admitted++; // More than once, a governor would wait for the memory of this very video.
    };
    expect(kindOf(await run('joined', LAST, { context: { admit } }))).toBe('done');
    expect(admitted).toBe(1);
    expect(await csv('joined')).toBe(await csv('local'));
    expect(await readdir(at('joined', '.bodyscript'))).not.toContain('segments');
    expect((await readdir(at('joined'))).sort()).toEqual(['.bodyscript', 'walk.csv', 'walk.run.json']);
  });

  fullTest('leaves the video to another command that is joining it', async () => {
    await cp(at('all'), at('two'), { recursive: true });
    let other: VideoOutcome | undefined;
    const mayPublish = async () => {
      other = await run('two', { from: 0, to: 0 });
    };
    expect(kindOf(await run('two', LAST, { context: { mayPublish } }))).toBe('done');
    expect(other).toEqual({ kind: 'waiting', segments: SEGMENTS, missing: 0 });
    expect(await csv('two')).toBe(await csv('local'));
  });

  fullTest('is not complete any more once another command has joined the video', async () => {
    await cp(at('all'), at('late'), { recursive: true });
    const shelf = new SegmentFolder(at('late'), segmentsPath(at('late'), 'walk'));
    const outcome = await analysePiece(CLIP, optionsFor('late'), LAST, { shelf, outputName: 'walk', again: false });
    if (outcome.what !== 'complete') throw new Error(outcome.what);
    expect(await outcome.isStillComplete()).toBe(true);
    await shelf.remove();
    expect(await outcome.isStillComplete()).toBe(false);
  });

  fullTest('never uses segments of a video that has changed since, nor of other options', async () => {
    const clip = at('changed.mp4');
    await copyFile(CLIP, clip);
    await utimes(clip, 1e9, 1e9);
    for (const [out, one] of [
      ['changed', { clip }],
      ['other', { options: { people: 2 } }],
    ] as const) {
      await cp(at('most'), at(out), { recursive: true });
      const warnings: string[] = [];
      const context = { onWarning: (message: string) => warnings.push(message) };
      expect(kindOf(await run(out, LAST, { ...one, context }))).toEqual({ missing: 3 });
      expect(warnings).toEqual([expect.stringMatching(/^3 stored segments cannot be used: made with other options/)]);
    }
  });

  fullTest('does not trust stored segments: unusable ones are analysed again, with a warning for each', async () => {
    await cp(at('all'), at('hostile'), { recursive: true });
    const [first, second, third, fourth] = (await segmentsOf('hostile')) as [string, string, string, string];
    await forge(first, text => text.replace('"framesOverBudget":0', '"framesOverBudget":999'));
    await truncate(second, 2 ** 40);
    await rename(third, at('elsewhere'));
    await symlink(at('elsewhere'), third);
    await copyFile(at('elsewhere'), fourth);
    const warnings: string[] = [];
    const context = { onWarning: (message: string) => warnings.push(message) };
    expect(kindOf(await run('hostile', LAST, { context }))).toBe('done');
    expect(await csv('hostile')).toBe(await csv('local'));
    expect(warnings).toEqual([
      expect.stringMatching(/0\.segment: contradicts itself; analysing this segment here/),
      expect.stringMatching(/1\.segment: is larger than 256 MB; /),
      expect.stringMatching(/2\.segment: is a link to another folder; /),
      expect.stringMatching(/3\.segment: belongs to another segment; /),
    ]);
    expect(await readFile(at('elsewhere'))).not.toHaveLength(0);
  });

  test('a video that cannot be cut is analysed whole by the first command', async () => {
    const warnings: string[] = [];
    const context = { onWarning: (message: string) => warnings.push(message) };
    expect(kindOf(await run('whole', LAST, { options: { every: 50 }, context }))).toBe('done');
    expect(warnings[0]).toMatch(/in one piece: --every counts frames/);
  });
});
