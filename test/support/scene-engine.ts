import type { DetectOptions, EngineInfo, PoseEngine } from '../../src/engine/pose-engine.js';
import type { PersonBox } from '../../src/model/person-box.js';
import type { Picture } from '../../src/model/picture.js';
import type { Pose } from '../../src/model/pose.js';
import type { Region } from '../../src/model/region.js';
import type { CropOptions } from '../../src/regions/crop.js';
import { wholePicture } from '../../src/regions/region.js';
import { mirrorPose } from '../../src/strategies/mirror.js';

/** The content of a small picture in the frame. */
interface Crop {
  readonly area: Region;
  readonly side: number;
  readonly mirrored: boolean;
  readonly averaged: boolean;
}

const crops = new WeakMap<Picture, Crop>();

/** Records the content of each small picture. Pass it to `vi.mock` in place of `src/regions/crop.ts`. */
export async function notingCrops(original: () => Promise<typeof import('../../src/regions/crop.js')>) {
  const real = await original();
  return {
    ...real,
    cropRegion(image: Picture, area: Region, options: CropOptions) {
      const picture = real.cropRegion(image, area, options);
      const { side, mirrored = false, averaged = false } = options;
      crops.set(picture, { area, side, mirrored, averaged });
      return picture;
    },
  };
}

/** One call of an engine's `detect`, in the frame's own coordinates. */
export interface DetectCall {
  /** The square of the frame, in pixels. */
  readonly area: Region;
  readonly refine: boolean;
  /** Whether people are searched in it; otherwise one person is assumed to fill it. */
  readonly isSearch: boolean;
  /** Whether the picture was derived from a part of the frame: in other light, mirrored, rotated, enlarged. */
  readonly isCrop: boolean;
  readonly mirrored: boolean;
  readonly most: number;
}

/** Maps a pose of the frame into a small picture: the inverse of `fromCrop`. */
function intoCrop(pose: Pose, { area, side, mirrored }: Crop, width: number, height: number): Pose {
  const [cos, sin] = [Math.cos(area.rotation), Math.sin(area.rotation)];
  const turned: Pose = {
    ...pose,
    landmarks: pose.landmarks.map(mark => {
      const [dx, dy] = [(mark.x * width - area.x) / area.size, (mark.y * height - area.y) / area.size];
      return { ...mark, x: cos * dx + sin * dy + 0.5, y: cos * dy - sin * dx + 0.5, z: (mark.z * width) / area.size };
    }),
    worldLandmarks: pose.worldLandmarks.map(({ x, y, z }) => ({ x: cos * x + sin * y, y: cos * y - sin * x, z })),
  };
  return mirrored ? mirrorPose(turned, side) : turned;
}

/** The middle of the hips, in pixels. */
function hipsOf({ landmarks }: Pose, width: number, height: number): { x: number; y: number } {
  return {
    x: ((landmarks[23]!.x + landmarks[24]!.x) / 2) * width,
    y: ((landmarks[23]!.y + landmarks[24]!.y) / 2) * height,
  };
}

/**
 * Stands in for a pose engine: a test places people, in the frame's own coordinates, and every picture that shows that
 * part of the frame contains them. The test's `vi.mock` must use `notingCrops`.
 */
export class SceneEngine implements PoseEngine {
  readonly info: EngineInfo = { name: 'scene', version: '0', model: 'full', modelSha256: '0', provider: 'cpu' };
  /** The people present, the most certain first. */
  people: readonly Pose[] = [];
  /** The people visible to one call; all of them by default. */
  sees: (call: DetectCall) => readonly Pose[] = () => this.people;
  /** The person finder's result; undefined: there is no finder. */
  boxes: readonly PersonBox[] | undefined;
  /** Since the test cleared it. */
  readonly calls: DetectCall[] = [];
  finds = 0;
  readonly #width: number;
  readonly #height: number;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  async detect(image: Picture, { region, refine = false, most = 1 }: DetectOptions = {}): Promise<Pose[]> {
    const [width, height] = [this.#width, this.#height];
    const crop = crops.get(image);
    const area = crop?.area ?? region ?? wholePicture(width, height);
    const isSearch = region === undefined;
    const call = { area, refine, isSearch, isCrop: crop !== undefined, mirrored: crop?.mirrored ?? false, most };
    this.calls.push(call);
    const away = (pose: Pose) => {
      const { x, y } = hipsOf(pose, width, height);
      return Math.max(Math.abs(x - area.x), Math.abs(y - area.y));
    };
    const found = this.sees(call).filter(pose => away(pose) < area.size / 2);
    const reported = isSearch ? found.slice(0, most) : [...found].sort((a, b) => away(a) - away(b)).slice(0, 1);
    return reported.map(pose => (crop ? intoCrop(pose, crop, width, height) : pose));
  }

  track(): Promise<Pose[]> {
    throw new Error('this analyzer follows people by itself');
  }

  async findPeople(): Promise<readonly PersonBox[] | undefined> {
    this.finds++;
    return this.boxes;
  }

  async reset(): Promise<void> {}

  async save(): Promise<unknown> {
    return undefined;
  }

  async restore(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
