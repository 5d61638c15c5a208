import { appendFile, copyFile, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AnalyzeContext, analyzeVideo } from '../../src/analyze/analyze-video.js';
import type { EngineOptions } from '../../src/engine/pose-engine.js';
import { createEngine } from '../../src/engine/worker/create-engine.js';
import { BodyscriptError } from '../../src/errors.js';
import type { RunRecord } from '../../src/model/run-record.js';
import { sha256 } from '../../src/system/file-hash.js';
import { listFrames } from '../support/ffmpeg.js';
import { lumaOf } from '../support/film-pixels.js';
import { fullTest, IS_FULL, inTurn } from '../support/full-tests.js';
import { type AnyOptions, analyzeOptions, USUAL_ENGINE } from '../support/options.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const WAVE = new URL('../../samples/wave.mp4', import.meta.url).pathname;
const LITE = { ...USUAL_ENGINE, model: 'lite' };
const PLAIN: Partial<AnyOptions> = { mode: 'track', engine: LITE, selection: { every: 1, maxFrames: 12 } };
const overlay = { to: 'auto', crf: 0, minVisibility: 0.5, labels: false };
const EVERYTHING: Partial<AnyOptions> = {
  ...PLAIN,
  ndjson: 'auto',
  angles: true,
  quality: true,
  plots: true,
  exports: ['trc', 'mot', 'coco', 'openpose', 'parquet'],
};
const PICTURES: Partial<AnyOptions> = { ...PLAIN, overlay, contactSheet: true, thumbnail: true, preview: 1 };

/** Analyses, and counts the engines that it requested. */
async function run(folder: string, options: Partial<AnyOptions>, context: AnalyzeContext = {}, video = WAVE) {
  let engines = 0;
  const warnings: string[] = [];
  const engine = async () => {
    engines++;
    return createEngine('auto', { ...LITE, threads: 1, modelSha256: undefined } as EngineOptions, () => {});
  };
  const onWarning = (message: string) => warnings.push(message);
  const record = await analyzeVideo(video, analyzeOptions(folder, options), { onWarning, engine, ...context });
  return { engines, record, warnings };
}

async function contents(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(file => file.isFile());
  const named = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(folder.length), (await readFile(path)).toString('base64')] as const;
  });
  return Object.fromEntries(await Promise.all(named));
}

async function folderWith(options: Partial<AnyOptions>): Promise<string> {
  const folder = await temporaryFolder();
  expect((await run(folder, options)).engines).toBe(1);
  return folder;
}

const whenMade = ({ startedAt, frames, seconds }: RunRecord) => ({ startedAt, frames, seconds });

describe('outputs added to a finished analysis', () => {
  test('are made from its table without an engine, to the bytes of a run that makes all at once', async () => {
    const [folder, atOnce] = [await folderWith(PLAIN), await folderWith(EVERYTHING)];
    const before = JSON.parse(await readFile(join(folder, 'wave.run.json'), 'utf8'));
    const { engines, record } = await run(folder, EVERYTHING);
    expect(engines).toBe(0);
    expect(whenMade(record)).toEqual(whenMade(before));
    expect(record.madeFromTable).toMatchObject([{ outputs: expect.arrayContaining(['angles', 'plots', 'trc']) }]);
    expect(JSON.parse(await readFile(join(folder, 'wave.run.json'), 'utf8'))).toEqual(record);
    const { '/wave.run.json': _, ...added } = await contents(folder);
    const { '/wave.run.json': __, ...whole } = await contents(atOnce);
    expect(Object.keys(added).sort()).toEqual(Object.keys(whole).sort());
    for (const [name, bytes] of Object.entries(whole)) expect(added[name] === bytes, name).toBe(true);
    expect(record.outputs.length).toBe(new Set(record.outputs).size);
  }, 60_000);

  test.runIf(IS_FULL)(
    'a table of another format can be made from each format',
    async () => {
      const kinds: Partial<AnyOptions>[] = [
        { ...PLAIN },
        { ...PLAIN, csvLayout: 'wide' },
        { ...PLAIN, csv: undefined, ndjson: 'auto' },
      ];
      const made = await Promise.all(
        [0, 1, 2].map(async from => {
          const folder = await folderWith(kinds[from]!);
          const tables: string[] = [];
          for (const to of [from, (from + 1) % 3, (from + 2) % 3, from]) {
            expect((await run(folder, kinds[to]!)).engines).toBe(0);
            tables[to] = await readFile(join(folder, to === 2 ? 'wave.ndjson' : 'wave.csv'), 'utf8');
          }
          return tables;
        }),
      );
      const hashes = made.map(tables => tables.map(sha256));
      expect(hashes[1]).toEqual(hashes[0]);
      expect(hashes[2]).toEqual(hashes[0]);
    },
    60_000,
  );

  test('that show pictures are drawn from table and video', async () => {
    const [folder, atOnce] = [await folderWith(PLAIN), await folderWith(PICTURES)];
    const { engines, record } = await run(folder, PICTURES);
    expect(engines).toBe(0);
    expect(Object.keys(await contents(folder)).sort()).toEqual(Object.keys(await contents(atOnce)).sort());
    const films = [folder, atOnce].map(each => join(each, 'wave.overlay.mp4'));
    const [times, timesAtOnce] = await Promise.all(films.map(film => listFrames(film, 'v:0')));
    expect(times).toEqual(timesAtOnce);
    const [added, whole] = await Promise.all(films.map(lumaOf));
    expect(added?.length).toBe(whole?.length);
    // A table has millionths of the picture's width: strokes differ in the last bits of a few pixels.
    const most = added!.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (whole?.[i] ?? 0))), 0);
    expect(most).toBeLessThanOrEqual(8);
    expect(record.files.map(({ output }) => output)).toEqual(
      expect.arrayContaining(['csv', 'overlay', 'pictures', 'preview']),
    );
  }, 60_000);

  test('leave existing files alone, and the record keeps those that are not requested again', async () => {
    const folder = await folderWith({ ...PLAIN, overlay, plots: true });
    const overlayPath = join(folder, 'wave.overlay.mp4');
    const { mtimeMs } = await stat(overlayPath);
    const { record } = await run(folder, { ...PLAIN, overlay, angles: true });
    expect((await stat(overlayPath)).mtimeMs).toBe(mtimeMs);
    expect(record.madeFromTable.map(({ outputs }) => outputs)).toEqual([['angles']]);
    expect(record.outputs.map(path => path.slice(folder.length + 1)).sort()).toEqual(
      ['angles.csv', 'csv', 'overlay.mp4', 'plots.png', 'plots.svg', 'run.json'].map(name => `wave.${name}`),
    );
    const again = await run(folder, { ...PLAIN, overlay, plots: true });
    expect([again.engines, again.record]).toEqual([0, record]);
  }, 60_000);

  test('are made again if their own options changed, or their file was changed or deleted', async () => {
    const folder = await folderWith({ ...PLAIN, exports: ['trc', 'coco'], angles: true, plots: true });
    await appendFile(join(folder, 'wave.angles.csv'), 'changed');
    await rm(join(folder, 'wave.plots.png'));
    const options: Partial<AnyOptions> = { ...PLAIN, exports: ['trc'], personHeight: 1.8, angles: true, plots: true };
    const { engines, record } = await run(folder, options);
    expect(engines).toBe(0);
    expect(record.madeFromTable.map(({ outputs }) => [...outputs].sort())).toEqual([['angles', 'plots', 'trc']]);
    expect(await readFile(join(folder, 'wave.angles.csv'), 'utf8')).not.toContain('changed');
  }, 60_000);
});

describe('a video is analysed again', () => {
  const reasons: readonly (readonly [why: string, options: Partial<AnyOptions>, context: AnalyzeContext])[] = [
    ['with other options of the analysis', { ...PLAIN, mode: 'still', plots: true }, {}],
    ['with other frames', { ...PLAIN, selection: { every: 2 }, plots: true }, {}],
    ['where it is asked for', { ...PLAIN, plots: true }, { analyzeAgain: true }],
    ['where only an analysis can tell', { ...PLAIN, explain: true }, {}],
    ['where each result is to be handed over', { ...PLAIN, plots: true }, { onResult: async () => {} }],
  ];
  test.each(inTurn(reasons, 0, 4))(
    '%s',
    async (_, options, context) => {
      const folder = await folderWith(PLAIN);
      const { engines, record } = await run(folder, options, context);
      expect([engines, record.madeFromTable]).toEqual([1, []]);
    },
    60_000,
  );

  fullTest(
    'if its table, its record or the video has changed',
    async () => {
      const folder = await folderWith(PLAIN);
      const [table, recordPath, video] = [
        join(folder, 'wave.csv'),
        join(folder, 'wave.run.json'),
        join(folder, 'wave.mp4'),
      ];
      const text = await readFile(table, 'utf8');
      await writeFile(table, text.replace(/0\.5/, '0.6'));
      expect((await run(folder, { ...PLAIN, plots: true })).engines).toBe(1);
      await rm(table);
      expect((await run(folder, { ...PLAIN, plots: true })).engines).toBe(1);
      await writeFile(recordPath, '{"status": "done"}');
      expect((await run(folder, { ...PLAIN, plots: true, angles: true, overwrite: true })).engines).toBe(1);
      await copyFile(WAVE, video);
      // The same content elsewhere is the same video; with one more byte it is another.
      expect(
        (await run(folder, { ...PLAIN, quality: true }, {}, video).catch(() => ({ engines: -1 }))).engines,
      ).not.toBe(1);
      await appendFile(video, ' ');
      const other = await run(folder, { ...PLAIN, quality: true, exports: ['coco'] }, {}, video).catch(error => error);
      expect(other).toSatisfy(
        (value: { engines?: number; code?: string }) => value.engines === 1 || value.code === 'OUTPUT_TAKEN',
      );
    },
    60_000,
  );

  test("and the earlier analysis's outputs are removed, except tables, and files changed since", async () => {
    const folder = await folderWith({ ...PLAIN, ndjson: 'auto', plots: true, angles: true, quality: true });
    const [mine, foreign] = [join(folder, 'wave.quality.json'), join(folder, 'wave.notes.txt')];
    await writeFile(mine, 'mine now');
    await writeFile(foreign, 'never ours');
    const { warnings } = await run(folder, { ...PLAIN, mode: 'still', angles: true });
    expect((await readdir(folder)).sort()).toEqual(
      ['angles.csv', 'csv', 'ndjson', 'notes.txt', 'quality.json', 'run.json'].map(name => `wave.${name}`),
    );
    expect(await readFile(mine, 'utf8')).toBe('mine now');
    expect(
      warnings.filter(message => message.includes('earlier analysis')).map(message => message.split(':')[0]),
    ).toEqual(expect.arrayContaining([join(folder, 'wave.ndjson'), mine]));
  }, 60_000);

  test('files elsewhere in a record are neither removed nor trusted', async () => {
    const [folder, elsewhere] = [await folderWith({ ...PLAIN, plots: true }), await temporaryFolder()];
    const victim = join(elsewhere, 'wave.plots.svg');
    await rename(join(folder, 'wave.plots.svg'), victim);
    const path = join(folder, 'wave.run.json');
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(join(folder, 'wave.plots.svg'), victim));
    await run(folder, { ...PLAIN, mode: 'still' });
    expect((await stat(victim)).isFile()).toBe(true);
  }, 60_000);
});

test('a failure while outputs are added leaves files and record unchanged', async () => {
  const folder = await folderWith(PLAIN);
  const before = await contents(folder);
  const stop = new AbortController();
  const context: AnalyzeContext = {
    signal: stop.signal,
    onProgress: () => stop.abort(new BodyscriptError('INTERRUPTED', 'enough')),
  };
  await expect(run(folder, { ...EVERYTHING, overlay }, context)).rejects.toThrow('enough');
  const { ...after } = await contents(folder);
  for (const name of Object.keys(after)) if (name.endsWith('.partial')) delete after[name];
  expect(after).toEqual(before);
  // The next run starts from there.
  expect((await run(folder, EVERYTHING)).engines).toBe(0);
  await utimes(join(folder, 'wave.csv'), new Date(), new Date());
  expect((await run(folder, { ...EVERYTHING, overlay })).engines).toBe(0);
}, 60_000);

/** Changes the record of a finished run, as an attacker might. */
async function changeRecord(folder: string, change: (record: Record<string, unknown>) => object): Promise<void> {
  const path = join(folder, 'wave.run.json');
  const record = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...record, ...change(record) }));
}

const filesIn = async (folder: string) => (await readdir(folder)).sort().map(name => name.replace(/^wave\./, ''));

describe('files of an earlier run', () => {
  test("are never a run's inputs, whatever the record says", async () => {
    const folder = await folderWith(PLAIN);
    const video = join(folder, 'wave.mp4');
    await copyFile(WAVE, video);
    const { size, mtimeMs } = await stat(video);
    const entry = { path: video, bytes: size, modified: mtimeMs, sha256: null, options: {} };
    await changeRecord(folder, ({ files, input }) => ({
      input: { ...(input as object), path: video },
      files: [...(files as object[]), ...['plots', 'overlay', 'nothing'].map(output => ({ output, ...entry }))],
    }));
    await run(folder, { ...PLAIN, mode: 'still' }, {}, video);
    expect(await filesIn(folder)).toEqual(['csv', 'mp4', 'run.json']);
  }, 60_000);

  fullTest(
    'stay if the new table goes only to stdout',
    async () => {
      const folder = await folderWith({ ...PLAIN, plots: true });
      await run(folder, { ...PLAIN, mode: 'still', csv: undefined, angles: true });
      expect(await filesIn(folder)).toEqual(['angles.csv', 'csv', 'plots.png', 'plots.svg', 'run.json']);
    },
    60_000,
  );

  fullTest(
    'are removed if another video has replaced theirs, with the same options',
    async () => {
      const folder = await temporaryFolder();
      const video = join(folder, 'in.mp4');
      await copyFile(WAVE, video);
      await run(folder, { ...PLAIN, plots: true, exports: ['openpose', 'coco'] }, {}, video);
      await copyFile(new URL('../../samples/sit.mp4', import.meta.url).pathname, video);
      const { warnings } = await run(folder, PLAIN, {}, video);
      expect((await readdir(folder)).sort()).toEqual(['in.csv', 'in.mp4', 'in.openpose', 'in.run.json']);
      expect(warnings.join()).toContain('in.openpose/: left over from an earlier analysis');
    },
    60_000,
  );

  fullTest(
    'stay in the record of an analysis with the same numbers',
    async () => {
      const folder = await folderWith({ ...PLAIN, plots: true, exports: ['trc'] });
      const { record } = await run(folder, PLAIN, { analyzeAgain: true });
      expect(record.files.map(({ output }) => output)).toEqual(['csv', 'plots', 'plots', 'trc']);
      await run(folder, { ...PLAIN, mode: 'still' });
      expect(await filesIn(folder)).toEqual(['csv', 'run.json']);
    },
    60_000,
  );

  fullTest(
    'are found in a moved folder, and deleted ones are forgotten',
    async () => {
      const [before, folder] = [await folderWith({ ...PLAIN, plots: true, exports: ['trc'] }), await temporaryFolder()];
      for (const name of await readdir(before)) await rename(join(before, name), join(folder, name));
      await rm(join(folder, 'wave.plots.svg'));
      const { engines, record } = await run(folder, { ...PLAIN, angles: true });
      expect(engines).toBe(0);
      const named = ['csv', 'plots.png', 'trc', 'angles.csv', 'run.json'].map(name => join(folder, `wave.${name}`));
      expect(record.outputs).toEqual(named);
    },
    60_000,
  );
});

test('another video with the same size and time is another video', async () => {
  const folder = await temporaryFolder();
  const [video, time] = [join(folder, 'in.mp4'), new Date('2026-01-01T00:00:00Z')];
  const padded = async (sample: string) => {
    const bytes = await readFile(new URL(`../../samples/${sample}.mp4`, import.meta.url));
    await writeFile(video, Buffer.concat([bytes, Buffer.alloc(400_000 - bytes.length)]));
    await utimes(video, time, time);
  };
  await padded('wave');
  await run(folder, PLAIN, {}, video);
  await padded('sit');
  expect((await run(folder, { ...PLAIN, angles: true }, {}, video)).engines).toBe(1);
}, 60_000);

test('a table that was changed since is replaced with a warning', async () => {
  const folder = await folderWith(PLAIN);
  await appendFile(join(folder, 'wave.csv'), '\n');
  const { warnings } = await run(folder, { ...PLAIN, angles: true });
  expect(warnings.join()).toContain('wave.csv: was changed after it was written');
}, 60_000);
