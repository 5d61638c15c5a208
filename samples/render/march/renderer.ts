import type { Scene } from '../scenes/scene.js';
import { FloorShade } from '../shading/floor-shade.js';
import { type Background, renderBackground } from './background.js';
import { Camera, type View } from './camera.js';
import { type Figure, FigureField } from './figure-field.js';
import { FigurePass } from './figure-pass.js';
import { ShadowMap } from './shadow-map.js';

/** Quality of the picture. */
export interface Quality {
  readonly width: number;
  readonly height: number;
  /** Rays through each pixel, each at a different moment of the open shutter. */
  readonly samples: 1 | 4;
  /** Cells along each side of the shadow map, a multiple of 8. */
  readonly shadowCells: number;
}

/** Renders frames of one scene: solids once for each camera position, people by ray marching. */
export class Renderer {
  readonly #scene: Scene;
  readonly #quality: Quality;
  readonly #picture: Float32Array;
  #camera: Camera | undefined;
  #background: Background | undefined;

  constructor(scene: Scene, quality: Quality) {
    this.#scene = scene;
    this.#quality = quality;
    this.#picture = new Float32Array(quality.width * quality.height * 3);
  }

  /**
   * A frame from the camera. `moments` holds the people at one moment of the open shutter per sample. The next call
   * overwrites the result, `width * height * 3` of linear light.
   */
  render(view: View, moments: readonly (readonly Figure[])[]): Float32Array {
    const { camera, background } = this.#lookFrom(view);
    const fields = moments.map(figures => new FigureField(figures));
    const shadows = new ShadowMap(fields[0]!, this.#scene.light.towardsSun, this.#quality.shadowCells);
    this.#drawBackground(background, shadows, new FloorShade(moments[0]!));
    if (fields[0]!.count > 0) {
      new FigurePass(camera, this.#scene.light, shadows, background.depth, fields).draw(this.#picture);
    }
    return this.#picture;
  }

  #lookFrom(view: View): { camera: Camera; background: Background } {
    const { width, height, samples } = this.#quality;
    const camera = new Camera(view, width, height);
    const last = this.#camera;
    if (
      this.#background &&
      `${last?.eye} ${last?.forward} ${last?.focal}` === `${camera.eye} ${camera.forward} ${camera.focal}`
    ) {
      return { camera, background: this.#background };
    }
    this.#camera = camera;
    this.#background = renderBackground(this.#scene, camera, samples);
    return { camera, background: this.#background };
  }

  #drawBackground({ bySky, bySun, place }: Background, shadows: ShadowMap, floor: FloorShade): void {
    const picture = this.#picture;
    for (let i = 0; i < place.length / 4; i++) {
      const x = place[i * 4]!;
      const y = place[i * 4 + 1]!;
      const z = place[i * 4 + 2]!;
      const sun = shadows.covers(x, y, z) ? shadows.light(x, y, z, 0.01, 2.2) : 1;
      const open = place[i * 4 + 3] === 1 ? floor.openness(x, z) : 1;
      for (let k = i * 3; k < i * 3 + 3; k++) picture[k] = bySky[k]! * open + bySun[k]! * sun;
    }
  }
}
