import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { USUAL_CONFIDENCE } from '../../src/formats/export-facts.js';
import { personAngles } from '../../src/formats/person-angles.js';
import { sureness } from '../../src/formats/pose-of.js';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import type { TableFrame, TableLandmark, TablePerson } from '../../src/model/table-frame.js';
import { C3dFile } from '../../src/outputs/exports/c3d.js';
import { ANGLE_NAMES } from '../../src/signal/angles.js';
import { askPython, pythonWith } from '../support/readers.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const EZC3D = pythonWith('ezc3d');
const GOLDEN = fileURLToPath(new URL('../../samples/golden/wave.csv', import.meta.url));
const DISPLAY = { width: 640, height: 480 };
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const golden: TableFrame[] = [];
for await (const frame of readLandmarks(GOLDEN)) golden.push(frame);

interface C3d {
  readonly parameters: Readonly<Record<string, Readonly<Record<string, readonly (number | string)[]>>>>;
  /** `points[frame][point]`: x, y, z, residual. */
  readonly points: readonly (readonly (readonly number[])[])[];
  readonly frames: number;
}

/** ezc3d's view of a file: its parameters, its number of frames, and the points of some of them. */
async function readC3d(path: string, frames: readonly number[]): Promise<C3d> {
  const program = `
import json, sys, ezc3d
c = ezc3d.c3d(sys.argv[1])
points, residuals = c['data']['points'], c['data']['meta_points']['residuals']
frames = json.loads(sys.argv[2])
found = [[[*map(float, points[:3, p, f]), float(residuals[0, p, f])] for p in range(points.shape[1])] for f in frames]
names = ['POINT', 'TRIAL', 'ANALOG', 'MANUFACTURER']
parameters = {g: {k: list(v['value']) for k, v in c['parameters'][g].items() if 'value' in v} for g in names}
print(json.dumps({'points': found, 'frames': points.shape[2], 'parameters': parameters}, default=float).replace('NaN', '0'))`;
  return (await askPython(EZC3D!, program, [path, JSON.stringify(frames)])) as C3d;
}

const ABSENT = [expect.anything(), expect.anything(), expect.anything(), -1];

function expectedMarker(person: TablePerson, mark: TableLandmark) {
  if (sureness(person, mark) < USUAL_CONFIDENCE) return ABSENT;
  const place = [mark.worldX!, -mark.worldY!, -mark.worldZ!].map(metres => expect.closeTo(metres * 1000, 3));
  return [...place, 0];
}

const exportC3d = (table: string, out: string, ...more: string[]) =>
  runCli(['export', table, '-f', 'c3d', '-o', at(out), ...more]);

/** Writes frames directly to a file. */
async function written(name: string, frames: Iterable<TableFrame>, personHeight?: number): Promise<C3dFile> {
  const file = new C3dFile({ stem: at(name), display: DISPLAY, personHeight });
  for (const frame of frames) await file.write(frame);
  await file.finish();
  await file.publish();
  return file;
}

describe.skipIf(!EZC3D)('C3D, as ezc3d reads it', () => {
  test("has the table's world landmarks in millimetres, y up, and the angles in degrees", async () => {
    expect((await exportC3d(GOLDEN, 'wave')).code).toBe(0);
    const last = golden.length - 1;
    const { points, frames, parameters } = await readC3d(at('wave.c3d'), [0, last]);
    expect(frames).toBe(golden.length);
    expect(parameters.POINT).toMatchObject({ UNITS: ['mm'], ANGLE_UNITS: ['deg'], USED: [61] });
    expect(parameters.POINT?.LABELS?.slice(0, 33)).toEqual([...LANDMARK_NAMES]);
    expect(parameters.POINT?.ANGLES).toEqual(ANGLE_NAMES.map(name => `${name}_angle`));
    expect(parameters.POINT?.RATE?.[0]).toBeCloseTo(30, 3);
    for (const [index, found] of [golden[0]!, golden[last]!].entries()) {
      const [person] = found.people;
      const markers = person!.landmarks.map(mark => expectedMarker(person!, mark));
      const angles = personAngles(person!, DISPLAY).map(({ degrees3d, confidence }) =>
        confidence < USUAL_CONFIDENCE ? ABSENT : [expect.closeTo(degrees3d!, 3), 0, 0, 0],
      );
      expect(points[index]).toEqual([...markers, ...angles]);
    }
  });

  test('has a person who arrives later as absent before, each in a separate file', async () => {
    const [first] = golden;
    const second = { ...first!.people[0]!, personId: 4 };
    const frames = Array.from({ length: 6 }, (_, i) => ({
      frameId: i,
      timestamp: i / 30,
      people: i < 3 ? first!.people : i < 5 ? [...first!.people, second] : [],
    }));
    await written('two', frames);
    const [one, other] = await Promise.all([0, 4].map(person => readC3d(at(`two.person-${person}.c3d`), [0, 3, 4, 5])));
    const nose = (c3d: C3d | undefined) => c3d?.points.map(points => points[0]?.[3]);
    expect([nose(one), nose(other)]).toEqual([
      [0, 0, 0, -1],
      [-1, 0, 0, -1],
    ]);
    expect([one?.frames, other?.frames]).toEqual([6, 6]);
  });

  test('counts more frames than 16 bits hold', async () => {
    const frames = 65_540;
    const still = function* () {
      for (let i = 0; i < frames; i++) yield { ...golden[i < frames - 1 ? 0 : 9]!, frameId: i, timestamp: i / 60 };
    };
    await written('long', still());
    const long = await readC3d(at('long.c3d'), [frames - 1]);
    expect([long.frames, long.parameters.TRIAL?.ACTUAL_END_FIELD]).toEqual([frames, [4, 1]]);
    expect(long.points[0]?.[0]?.[0]).toBeCloseTo(golden[9]!.people[0]!.landmarks[0]!.worldX! * 1000, 3);
  }, 60_000);

  test("has the path through the picture with a person's height", async () => {
    expect((await exportC3d(GOLDEN, 'tall', '--person-height', '1.8')).code).toBe(0);
    const { points } = await readC3d(at('tall.c3d'), [0]);
    const [nose, heel] = [points[0]![0]!, points[0]![LANDMARK_NAMES.indexOf('left_heel')]!];
    expect(nose[1]! - heel[1]!).toBeGreaterThan(1450); // The nose of a person of 1.80 m is some 150 mm below that.
    expect(nose[1]! - heel[1]!).toBeLessThan(1800);
    expect(points[0]![33]![3]).toBe(0); // Angles are not scaled.
    const angle = personAngles(golden[0]!.people[0]!, DISPLAY)[0]!;
    expect(points[0]![33]![0]).toBeCloseTo(angle.degrees3d!, 3);
  });
});

test('reports a varying rate: how far frames are from their places', async () => {
  const frames = Array.from({ length: 20 }, (_, i) => ({
    ...golden[0]!,
    frameId: i,
    timestamp: i < 10 ? i / 30 : 1 + i / 30,
  }));
  const { warnings } = await written('paused', frames);
  expect(warnings).toEqual([expect.stringMatching(/paused\.c3d: C3D has one frame rate, here 11\.6\d per second/)]);
  expect((await written('even', frames.slice(0, 10))).warnings).toEqual([]);
  if (!EZC3D) return;
  const { parameters } = await readC3d(at('paused.c3d'), []);
  expect(parameters.MANUFACTURER?.TIME_ERROR?.[0]).toBeCloseTo(0.51, 1);
});

test('times before the first person count for the rate as well', async () => {
  const frames = Array.from({ length: 40 }, (_, i) => ({
    frameId: i,
    timestamp: i < 20 ? i / 30 : i / 30 + 0.5,
    people: i < 30 ? [] : golden[0]!.people,
  }));
  const { warnings } = await written('late', frames);
  expect(warnings).toEqual([expect.stringMatching(/up to 0\.2[45]\d s off their own times/)]);
});

test('a file consists of whole blocks, and leaves no other files', async () => {
  await exportC3d(GOLDEN, 'blocks');
  expect((await stat(at('blocks.c3d'))).size % 512).toBe(0);
  const bytes = await readFile(at('blocks.c3d'));
  expect([bytes[0], bytes[1]]).toEqual([2, 0x50]);
});
