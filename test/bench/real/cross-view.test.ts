import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { HAS_REAL_FOOTAGE, REAL_FOOTAGE } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import type { Point3 } from '../accuracy/metrics.js';
import {
  type Camera,
  distort,
  inCamera,
  judgeViews,
  normalised,
  partWithin,
  quantileOf,
  readCameras,
  readView,
  type SeenJoint,
  triangulate,
  type View,
} from './cross-view.js';

const folder = await temporaryFolder();

/** A camera on a circle of 2 m around the origin, looking at it. */
function cameraAt(degrees: number): Camera {
  const [s, c] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const rotation: Point3[] = [
    [c, 0, -s],
    [0, 1, 0],
    [s, 0, c],
  ];
  return {
    focal: [900, 905],
    centre: [630, 370],
    distortions: [-0.3, 0.05, 0.002, -0.003, 0.06],
    rotation,
    translation: [0, 0, 2],
  };
}

function pixelOf(camera: Camera, place: Point3): [number, number] {
  const [x, y, z] = inCamera(camera, place);
  const [dx, dy] = distort(camera.distortions, [x / z, y / z]);
  return [dx * camera.focal[0] + camera.centre[0], dy * camera.focal[1] + camera.centre[1]];
}

const IDS = [11, 12, 13, 14, 15, 16];
const placeOf = (frame: number, id: number): Point3 => [0.05 * (id - 13), -0.2 + 0.06 * (id % 5), 0.01 * frame];

/** The cameras' views of the same moving joints; pixels have the errors in `off`, and undefined is missing. */
function viewsOf(
  cameras: readonly Camera[],
  frames: number,
  off: (view: number, frame: number, id: number) => number | undefined,
): View[] {
  return cameras.map((camera, v) =>
    Array.from({ length: frames }, (_, frame) => {
      const joints: SeenJoint[] = [];
      for (const id of IDS) {
        const by = off(v, frame, id);
        if (by === undefined) continue;
        const [x, y] = pixelOf(camera, placeOf(frame, id));
        joints[id] = { x: x + by, y: y - by / 2, visibility: 0.1 + 0.05 * id, confidence: 0.9 };
      }
      return joints;
    }),
  );
}

/** The views as one of the tool's tables, with a second person who must not count. */
function tableOf(view: View, withConfidence: boolean): string {
  const lines = view.flatMap((joints, frame) => {
    const own = (joints ?? []).flatMap((joint, id) =>
      joint
        ? [`${frame},0,${id},${joint.x},${joint.y},${joint.visibility},found,0.9${withConfidence ? ',0.4' : ''}`]
        : [],
    );
    const other = own.map(line => line.replace(/^(\d+),0,/, '$1,1,').replace(/,found/, '5,found'));
    return own.length > 0 ? [...own, ...other] : [`${frame},,,,,,missing,${withConfidence ? ',' : ''}`];
  });
  const header = `frame_id,person_id,landmark_id,x_px,y_px,visibility,status,score${withConfidence ? ',confidence' : ''}`;
  return `${header}\n${lines.join('\n')}\n`;
}

const CAMERAS = [0, 60, 130, 250].map(cameraAt);
/** Deterministic noise; frame 3 is missing in two views, frame 5 in one, one elbow in three. */
const NOISE = (view: number, frame: number, id: number) => {
  if ((frame === 3 && view < 2) || (frame === 5 && view === 3) || (frame === 6 && id === 13 && view > 0))
    return undefined;
  return ((view * 7919 + frame * 104_729 + id * 1299_709) % 97) - 48;
};

describe('the measure across views', () => {
  test('an undistorted pixel is the ray to the point', () => {
    const [camera] = CAMERAS as [Camera];
    const place: Point3 = [0.3, -0.2, 0.1];
    const [x, y, z] = inCamera(camera, place);
    const [nx, ny] = normalised(camera, ...pixelOf(camera, place));
    expect(nx).toBeCloseTo(x / z, 6);
    expect(ny).toBeCloseTo(y / z, 6);
  });

  test('rays of three cameras meet at the joint', () => {
    const place: Point3 = [0.2, 0.1, -0.3];
    const rays = CAMERAS.slice(1).map(camera => ({
      camera,
      at: normalised(camera, ...pixelOf(camera, place)),
      weight: 0.5,
    }));
    const found = triangulate(rays);
    for (const k of [0, 1, 2]) expect(found[k]).toBeCloseTo(place[k]!, 5);
  });

  test('true pixels are right in all views; one view with an error is wrong, and missing ones count as wrong', () => {
    const right = judgeViews(
      CAMERAS,
      viewsOf(CAMERAS, 4, () => 0),
    );
    expect([right.asked, right.errors.length, partWithin(right, 1)]).toEqual([96, 96, 1]);
    const off = judgeViews(
      CAMERAS,
      viewsOf(CAMERAS, 4, view => (view === 2 ? 400 : 0)),
    );
    expect(Math.min(...off.errors.filter(error => error.view === 2).map(error => error.millimetres))).toBeGreaterThan(
      500,
    );
    const gone = judgeViews(
      CAMERAS,
      viewsOf(CAMERAS, 4, view => (view === 2 ? undefined : 0)),
    );
    expect([gone.asked, gone.errors.length, partWithin(gone, 1)]).toEqual([96, 72, 0.75]);
    expect(gone.missing).toEqual([0, 0, 4, 0]);
  });

  test('compared with right views, a right view stays right beside wrong and missing ones', () => {
    const [bad, good] = [
      viewsOf(CAMERAS, 4, view => (view === 0 ? 0 : view === 1 ? undefined : 400)),
      viewsOf(CAMERAS, 4, () => 0),
    ];
    const rightOf = (references: readonly View[]) =>
      judgeViews(CAMERAS, bad, references).errors.filter(error => error.view === 0 && error.millimetres < 1).length;
    expect([rightOf(bad), rightOf(good)]).toEqual([0, 24]);
  });

  test.runIf(HAS_REAL_FOOTAGE).each([false, true])(
    'says to the digit what crossview.mjs says (column confidence: %s)',
    async withConfidence => {
      const calibration = join(REAL_FOOTAGE, 'webcams', 'cameras.toml');
      const cameras = await readCameras(calibration);
      const csvs = await Promise.all(
        viewsOf(cameras, 9, NOISE).map(async (view, v) => {
          const path = join(folder, `${withConfidence}-${v}.csv`);
          await writeFile(path, tableOf(view, withConfidence));
          return path;
        }),
      );
      const script = join(REAL_FOOTAGE, 'crossview.mjs');
      const { stdout } = await promisify(execFile)(process.execPath, [script, calibration, ...csvs]);
      const result = judgeViews(cameras, await Promise.all(csvs.map(readView)));
      expect(result.errors.length).toBeLessThan(result.asked);
      expect(result.errors[0]?.confidence).toBe(withConfidence ? 0.4 : 0.1 + 0.05 * 11);
      expect(stdout).toBe(crossviewText(result));
    },
  );
});

/** The result in the words of `crossview.mjs`. */
function crossviewText(result: ReturnType<typeof judgeViews>): string {
  const all = result.errors.map(error => error.millimetres);
  const percent = (mm: number) => (100 * partWithin(result, mm)).toFixed(1);
  const joints = [...new Set(result.errors.map(error => error.joint))].map(joint => {
    const own = result.errors.filter(error => error.joint === joint).map(error => error.millimetres);
    return `${joint} ${quantileOf(own, 0.5).toFixed(0)}/${quantileOf(own, 0.9).toFixed(0)}`;
  });
  const [middle, high] = [0.5, 0.9].map(q => quantileOf(all, q).toFixed(0));
  return (
    `frames ${result.frames}, joints judged ${all.length} of ${result.asked}; median ${middle} mm, p90 ${high} mm; of all asked, ` +
    `within 50 mm ${percent(50)} %, 100 mm ${percent(100)} %, 200 mm ${percent(200)} %\n${joints.join('  ')} (median/p90 mm)\n`
  );
}
