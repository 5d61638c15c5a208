import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import { CATEGORY, COCO_NAMES } from '../../src/outputs/exports/coco.js';
import { readTruth } from '../bench/accuracy/poses.js';
import { askPython, pythonWith } from '../support/readers.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const COCOTOOLS = pythonWith('pycocotools.cocoeval', 'numpy');
const folder = await temporaryFolder();
const CLIP = 'cut-hips';

const EVALUATE = `
import contextlib, io, json, sys
with contextlib.redirect_stdout(io.StringIO()):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
    truth, made = COCO(sys.argv[1]), COCO(sys.argv[2])
    found = truth.loadRes(list(made.anns.values()))
    judge = COCOeval(truth, found, 'keypoints')
    judge.evaluate(); judge.accumulate(); judge.summarize()
    category = made.loadCats(made.getCatIds())[0]
print(json.dumps({'ap': judge.stats[0], 'ar': judge.stats[5], 'images': len(made.imgs), 'annotations': len(made.anns),
    'names': len(category['keypoints']), 'bones': len(category['skeleton'])}))`;

/** A sample's truth in COCO's form: joints that are hidden or outside the picture are not labelled. */
async function trueCoco(clip: string): Promise<object> {
  const { width, height, frames } = await readTruth(join(SAMPLES, `${clip}.truth.json`));
  const isSeen = (x: number, y: number, sight = 0) => sight > 0 && x >= 0 && y >= 0 && x <= width && y <= height;
  const annotations = frames.flatMap((people, frame) =>
    people.map(({ image, sight }, person) => {
      const points = COCO_NAMES.map(name => {
        const id = LANDMARK_NAMES.indexOf(name);
        const [x, y] = image[id]!;
        return isSeen(x, y, sight[id]) ? [x, y, 2] : [0, 0, 0];
      });
      const seen = points.filter(([, , flag]) => flag === 2);
      const [xs, ys] = [seen.map(([x]) => x!), seen.map(([, y]) => y!)];
      const [left, top] = [Math.min(...xs), Math.min(...ys)];
      const [across, down] = [Math.max(...xs) - left, Math.max(...ys) - top];
      return {
        id: frame * people.length + person + 1,
        image_id: frame,
        category_id: 1,
        keypoints: points.flat(),
        num_keypoints: seen.length,
        bbox: [left, top, across, down],
        area: across * down,
        iscrowd: 0,
      };
    }),
  );
  return { images: frames.map((_, id) => ({ id, width, height })), annotations, categories: [CATEGORY] };
}

beforeAll(async () => {
  const args = ['analyze', join(SAMPLES, `${CLIP}.mp4`), '-o', folder, '--mode', 'track', '--no-overlay'];
  expect((await runCli([...args, '--export', 'coco', '-q'])).code).toBe(0);
}, 60_000);

describe('COCO', () => {
  test.skipIf(!COCOTOOLS)('is read by pycocotools, and COCOeval judges it against the truth', async () => {
    const truth = join(folder, 'truth.json');
    await writeFile(truth, JSON.stringify(await trueCoco(CLIP)));
    const judged = (await askPython(COCOTOOLS!, EVALUATE, [truth, join(folder, `${CLIP}.coco.json`)])) as {
      ap: number;
      ar: number;
    };
    expect(judged).toMatchObject({ images: 48, annotations: 48, names: 17, bones: 19 });
    expect(judged.ap).toBeGreaterThan(0.8);
    expect(judged.ar).toBeGreaterThan(0.8);
  });

  test('labels no point below the edge that cuts a person off, and its boxes stay inside the picture', async () => {
    const { images, annotations } = JSON.parse(await readFile(join(folder, `${CLIP}.coco.json`), 'utf8'));
    const [{ width, height }] = images;
    const hidden = ['left_knee', 'right_knee', 'left_ankle', 'right_ankle'] as const;
    for (const { keypoints, num_keypoints, bbox } of annotations) {
      const flagOf = (name: (typeof COCO_NAMES)[number]) => keypoints[3 * COCO_NAMES.indexOf(name) + 2];
      expect(hidden.map(flagOf)).toEqual([0, 0, 0, 0]);
      const flags = COCO_NAMES.map(flagOf);
      expect(num_keypoints).toBe(flags.filter(flag => flag > 0).length);
      const [left, top, across, down] = bbox;
      expect([left >= 0, top >= 0, left + across <= width, top + down <= height]).toEqual([true, true, true, true]);
    }
  });
});
