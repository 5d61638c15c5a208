import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERSON_FINDER_SHA256, personFinderFile } from '../../../src/engine/native/person-finder.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../../src/engine/pose-engine.js';
import { WorkerEngine } from '../../../src/engine/worker/worker-engine.js';
import type { YuvImage } from '../../../src/model/picture.js';
import { decodeAll } from '../../support/decoded-clip.js';
import { HAS_REAL_PICTURES, intersectionOverUnion, labelledPictures } from '../../support/real-pictures.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const OPTIONS = { ...DEFAULT_ENGINE_OPTIONS, model: 'lite' };

describe('the person finder', () => {
  let engine: WorkerEngine;
  let picture: YuvImage;

  beforeAll(async () => {
    engine = await WorkerEngine.create('native', OPTIONS);
    [picture] = (await decodeAll(join(SAMPLES, 'sit.mp4'), 1)) as [YuvImage];
  });
  afterAll(async () => engine[Symbol.asyncDispose]());

  test('reports its hash', () => {
    expect(engine.info.finder).toEqual({ model: 'nanodet', modelSha256: PERSON_FINDER_SHA256 });
  });

  test('finds the only person of a sample within the picture, with the same result twice', async () => {
    const people = await engine.findPeople(picture);
    expect(people).toHaveLength(1);
    const { left, top, right, bottom, score } = people![0]!;
    expect(score).toBeGreaterThan(0.5);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(picture.width);
    expect(bottom).toBeLessThanOrEqual(picture.height);
    expect(await engine.findPeople(picture)).toEqual(people);
  });

  test('finds both people of a sample', async () => {
    const [crossing] = await decodeAll(join(SAMPLES, 'crossing.mp4'), 1);
    const people = await engine.findPeople(crossing!);
    expect(people).toHaveLength(2);
  });

  test('searches a part of a picture alone, and its boxes are in pixels of the whole', async () => {
    const whole = (await engine.findPeople(picture))![0]!;
    const margin = (whole.bottom - whole.top) / 2;
    const area = { ...whole, top: whole.top - margin, bottom: whole.bottom + margin };
    const [near] = (await engine.findPeople(picture, { area })) ?? [];
    expect(intersectionOverUnion(near!, whole)).toBeGreaterThan(0.6);
    const beside = { left: 0, top: 0, right: whole.left - 10, bottom: picture.height };
    expect(await engine.findPeople(picture, { area: beside })).toEqual([]);
    expect(await engine.findPeople(picture, { area: { left: 5000, top: 0, right: 6000, bottom: 90 } })).toEqual([]);
  });

  test('finds no person in an empty room', async () => {
    for (const room of await decodeAll(join(SAMPLES, 'empty-room.mp4'), 3, 30)) {
      expect(await engine.findPeople(room)).toEqual([]);
    }
  });

  test("MediaPipe's engine has none", async () => {
    await using other = await WorkerEngine.create('mediapipe', OPTIONS);
    expect(other.info.finder).toBeUndefined();
    expect(await other.findPeople(picture)).toBeUndefined();
  });

  test.skipIf(!HAS_REAL_PICTURES)('finds at least 10 of 12 people in photographs', async () => {
    const pictures = await labelledPictures(8);
    let found = 0;
    for (const { image, people } of pictures) {
      const boxes = (await engine.findPeople(image)) ?? [];
      found += people.filter(person => boxes.some(box => intersectionOverUnion(box, person) > 0.5)).length;
    }
    expect(pictures.flatMap(({ people }) => people)).toHaveLength(12);
    expect(found).toBeGreaterThanOrEqual(10);
  });
});

describe("the person finder's file", () => {
  test('reports a file that does not exist, with the way to make it', async () => {
    await expect(personFinderFile('/nowhere/person_finder.onnx')).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      remedy: expect.stringContaining('npm run build'),
    });
  });

  test('rejects a file with other bytes', async () => {
    const path = join(await temporaryFolder(), 'person_finder.onnx');
    await writeFile(path, 'not this');
    await expect(personFinderFile(path)).rejects.toMatchObject({ code: 'MODEL_HASH' });
  });
});
