import { parentPort, workerData } from 'node:worker_threads';
import { type Film, figuresAt } from './clip.js';
import { FILMS } from './clips.js';
import { type Quality, Renderer } from './march/renderer.js';
import { seededRandom } from './math/noise.js';
import type { Scene } from './scenes/scene.js';
import { type TrueLandmark, truthAt } from './truth.js';

/** A frame to render. */
export interface FrameRequest {
  readonly film: keyof typeof FILMS;
  readonly index: number;
}

export interface FrameReply {
  readonly index: number;
  /** 8-bit RGB. */
  readonly data: Uint8Array;
  readonly truth: readonly TrueLandmark[][];
}

export interface WorkerTask {
  readonly quality: Quality;
}

/** Grey levels of a camera's daylight noise (standard deviation of a uniform distribution). */
const FILM_GRAIN = 1.6;
const LEVELS = 1 << 14;
const EXPOSURE = 0.85;

/** Maps linear light to the stored value, with a film's shoulder curve, as a table over 0-4. */
const STORED = Float32Array.from({ length: LEVELS }, (_, i) => {
  const v = (i / LEVELS) * 4 * EXPOSURE;
  const mapped = (v * (1 + v * 0.12)) / (1 + v * 0.55);
  return mapped <= 0.0031308 ? mapped * 12.92 * 255 : (1.055 * mapped ** (1 / 2.4) - 0.055) * 255;
});

function developed(light: Float32Array, index: number): Uint8Array {
  const random = seededRandom(index * 104729 + 17);
  const data = new Uint8Array(light.length);
  for (let i = 0; i < light.length; i++) {
    const level = Math.min(LEVELS - 1, Math.max(0, (light[i]! / 4) * LEVELS)) | 0;
    const value = STORED[level]! + (random() - 0.5) * 2 * FILM_GRAIN + 0.5;
    data[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
  return data;
}

/** Renders frames of films, keeping the last film's scene. */
class FrameMaker {
  readonly #quality: Quality;
  #name: string | undefined;
  #scene: Scene | undefined;
  #renderer: Renderer | undefined;

  constructor(quality: Quality) {
    this.#quality = quality;
  }

  make({ film: name, index }: FrameRequest): FrameReply {
    const film: Film = FILMS[name];
    if (this.#name !== name) {
      this.#name = name;
      this.#scene = film.scene();
      this.#renderer = new Renderer(this.#scene, this.#quality);
    }
    const { width, height, samples } = this.#quality;
    const t = film.times[index]!;
    const moments = Array.from({ length: samples }, (_, s) =>
      figuresAt(film, t + ((s + 0.5) / samples - 0.5) * film.shutter),
    );
    const light = this.#renderer!.render(film.camera(t), moments);
    const truth = truthAt(film, this.#scene!.solids, t, width, height);
    return { index, data: developed(light, index), truth };
  }
}

if (parentPort) {
  const port = parentPort;
  const maker = new FrameMaker((workerData as WorkerTask).quality);
  port.on('message', (request: FrameRequest) => {
    const reply = maker.make(request);
    port.postMessage(reply, [reply.data.buffer as ArrayBuffer]);
  });
}
