import { seededRandom } from './math/noise.js';

/** A picture of 8-bit RGB, `width * height * 3` bytes. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * A degradation of a film, on 8-bit pictures as a camera stores them: information lost to rounding stays lost.
 * - `dark`: brightness (of the stored values) times `factor`, then noise of `noise` grey levels (standard deviation);
 * - `fog`: contrast times `contrast` around the grey level `level`, then noise as above;
 * - `blur`: each picture is the mean, in linear light, of `frames` pictures around it;
 * - `crush`: values below `black` become black and those above `white` white, as with a wrong exposure.
 */
export type Degradation =
  | { readonly kind: 'dark'; readonly factor: number; readonly noise: number }
  | { readonly kind: 'fog'; readonly contrast: number; readonly level: number; readonly noise: number }
  | { readonly kind: 'blur'; readonly frames: number }
  | { readonly kind: 'crush'; readonly black: number; readonly white: number };

/** Reads `dark:0.1`, `dark:0.1:1.5`, `fog:0.15`, `blur:7`, `crush:40:200`, as benches take them. */
export function parseDegradation(text: string): Degradation {
  const [kind, first = Number.NaN, second] = text.split(':').map((part, i) => (i === 0 ? part : Number(part))) as [
    string,
    number?,
    number?,
  ];
  if (Number.isNaN(first)) throw new TypeError(`"${text}": a strength is missing, as in dark:0.1`);
  switch (kind) {
    case 'dark':
      return { kind, factor: first, noise: second ?? 0.6 };
    case 'fog':
      return { kind, contrast: first, level: 150, noise: second ?? 0.5 };
    case 'blur':
      return { kind, frames: first };
    case 'crush':
      return { kind, black: first, white: second ?? 255 };
    default:
      throw new TypeError(`"${text}": known are dark, fog, blur and crush`);
  }
}

/** The grey level of an 8-bit sRGB value in linear light, 0-1 (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, i) => {
  const v = i / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

function toStored(linear: number): number {
  const v = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  return v <= 0 ? 0 : v >= 1 ? 255 : Math.round(v * 255);
}

/** About normally distributed, standard deviation 1: the sum of four uniform numbers. */
function normalNoise(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

/** Applies `curve` to each value, adds noise, and rounds. The noise of a picture depends only on its number. */
function withCurve(picture: RgbPicture, number: number, curve: (value: number) => number, noise: number): RgbPicture {
  const table = Float32Array.from({ length: 256 }, (_, i) => curve(i));
  const random = seededRandom(number * 7919 + 1);
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Math.round(table[picture.data[i]!]! + (noise > 0 ? normalNoise(random) * noise : 0));
    data[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
  return { ...picture, data };
}

function meanOf(pictures: readonly RgbPicture[]): RgbPicture {
  const [first] = pictures;
  const data = new Uint8Array(first!.data.length);
  for (let i = 0; i < data.length; i++) {
    let sum = 0;
    for (const { data: values } of pictures) sum += LINEAR[values[i]!]!;
    data[i] = toStored(sum / pictures.length);
  }
  return { ...first!, data };
}

async function* blurred(pictures: AsyncIterable<RgbPicture>, frames: number): AsyncGenerator<RgbPicture> {
  const half = Math.floor(frames / 2);
  const window: RgbPicture[] = [];
  let next = 0; // number of the next output picture
  let first = 0; // number of the first picture in the window
  for await (const picture of pictures) {
    window.push(picture);
    if (first + window.length - 1 < next + half) continue;
    yield meanOf(window);
    next++;
    if (next - half > first) {
      window.shift();
      first++;
    }
  }
  for (; next < first + window.length; next++) {
    yield meanOf(window.slice(Math.max(0, next - half - first)));
  }
}

async function* curved(
  pictures: AsyncIterable<RgbPicture>,
  curve: (value: number) => number,
  noise: number,
): AsyncGenerator<RgbPicture> {
  let number = 0;
  for await (const picture of pictures) yield withCurve(picture, number++, curve, noise);
}

/** Degrades a film, picture by picture. */
export function degrade(pictures: AsyncIterable<RgbPicture>, how: Degradation): AsyncIterable<RgbPicture> {
  switch (how.kind) {
    case 'dark':
      return curved(pictures, value => value * how.factor, how.noise);
    case 'fog':
      return curved(pictures, value => how.level + (value - how.level) * how.contrast, how.noise);
    case 'crush':
      return curved(pictures, value => ((value - how.black) * 255) / (how.white - how.black), 0);
    case 'blur':
      return blurred(pictures, how.frames);
  }
}
