import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import type { TableFrame } from '../../src/model/table-frame.js';
import { MovementFile } from '../../src/outputs/exports/movement.js';
import { askPython, pythonWith } from '../support/readers.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const XARRAY = pythonWith('xarray', 'netCDF4', 'scipy');
const folder = await temporaryFolder();
const golden: TableFrame[] = [];
for await (const frame of readLandmarks(fileURLToPath(new URL('../../samples/golden/wave.csv', import.meta.url)))) {
  golden.push(frame);
}

interface DataSet {
  readonly dims: Readonly<Record<string, number>>;
  readonly attrs: Readonly<Record<string, string | number>>;
  readonly time: readonly number[];
  readonly names: Readonly<Record<'space' | 'keypoints' | 'individuals', readonly string[]>>;
  /** `position[time][space][keypoint][individual]`; null for NaN. */
  readonly position: readonly (number | null)[][][][];
  readonly confidence: readonly (number | null)[][][];
}

const READ = `
import json, math, sys, xarray
ds = xarray.open_dataset(sys.argv[1], engine=sys.argv[2])
clean = lambda v: [clean(x) for x in v] if isinstance(v, list) else None if isinstance(v, float) and math.isnan(v) else v
print(json.dumps({'dims': dict(ds.sizes), 'attrs': {k: v if isinstance(v, str) else float(v) for k, v in ds.attrs.items()},
    'time': ds.time.values.tolist(), 'names': {d: ds[d].values.tolist() for d in ['space', 'keypoints', 'individuals']},
    'position': clean(ds.position.transpose('time', 'space', 'keypoints', 'individuals').values.tolist()),
    'confidence': clean(ds.confidence.values.tolist())}))`;

async function written(name: string, frames: readonly TableFrame[]): Promise<readonly string[]> {
  const file = new MovementFile({
    stem: join(folder, name),
    display: { width: 640, height: 480 },
    personHeight: undefined,
  });
  for (const frame of frames) await file.write(frame);
  await file.finish();
  return file.publish();
}

describe.skipIf(!XARRAY).each(['netcdf4', 'scipy'])("movement's data set, opened in xarray by %s", engine => {
  test("has the table's pixels, times and confidence of each person, NaN without the person", async () => {
    const second = { ...golden[3]!.people[0]!, personId: 7 };
    const frames = golden
      .slice(0, 5)
      .map(frame => (frame.frameId === 0 || frame.frameId === 2 ? { ...frame, people: [] } : frame))
      .map(frame => (frame.frameId === 3 ? { ...frame, people: [...frame.people, second] } : frame));
    const [path] = await written(`two-${engine}`, frames);
    const ds = (await askPython(XARRAY!, READ, [path!, engine])) as DataSet;
    expect(ds.dims).toEqual({ time: 5, space: 2, keypoints: 33, individuals: 2 });
    expect(ds.attrs).toEqual({
      source_software: 'bodyscript',
      ds_type: 'poses',
      time_unit: 'seconds',
      fps: expect.closeTo(30, 3),
    });
    expect(ds.names).toEqual({
      space: ['x', 'y'],
      keypoints: [...LANDMARK_NAMES],
      individuals: ['person_0', 'person_7'],
    });
    expect(ds.time).toEqual(frames.map(({ timestamp }) => timestamp));
    for (const [index, { people }] of frames.entries()) {
      const marks = [0, 7].map(id => people.find(({ personId }) => personId === id)?.landmarks);
      const value = (of: (mark: NonNullable<(typeof marks)[number]>[number]) => number | undefined) =>
        LANDMARK_NAMES.map((_, id) => marks.map(all => (all ? (of(all[id]!) ?? null) : null)));
      expect(ds.position[index]).toEqual([value(mark => mark.xPx), value(mark => mark.yPx)]);
      const sure = value(mark => mark.confidence ?? mark.visibility).flat();
      expect(ds.confidence[index]!.flat()).toEqual(sure.map(each => (each === null ? null : expect.closeTo(each, 5))));
    }
  });
});

test('includes more frames than are assembled at a time, and makes no file without people', async () => {
  const frames = Array.from({ length: 150 }, (_, i) => ({
    ...golden[i % golden.length]!,
    frameId: i,
    timestamp: i / 30,
  }));
  const [path] = await written('many', frames);
  expect(await written('nobody', [{ frameId: 0, timestamp: 0, people: [] }])).toEqual([]);
  expect(existsSync(join(folder, 'nobody.movement.nc'))).toBe(false);
  if (!XARRAY) return;
  const ds = (await askPython(XARRAY, READ, [path!, 'netcdf4'])) as DataSet;
  expect(ds.position.map(([x]) => x?.[0]?.[0])).toEqual(frames.map(({ people }) => people[0]?.landmarks[0]?.xPx));
});
