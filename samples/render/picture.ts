import type { RgbPicture } from './degrade.js';

/** The picture rotated by 180 degrees. */
export function turned180({ width, height, data }: RgbPicture): RgbPicture {
  const turned = new Uint8Array(data.length);
  const last = width * height - 1;
  for (let i = 0; i <= last; i++) {
    for (let k = 0; k < 3; k++) turned[(last - i) * 3 + k] = data[i * 3 + k]!;
  }
  return { width, height, data: turned };
}

/** The picture rotated counter-clockwise by 90 degrees: a player undoes it by a clockwise quarter turn. */
export function turnedLeft({ width, height, data }: RgbPicture): RgbPicture {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = ((width - 1 - x) * height + y) * 3;
      for (let k = 0; k < 3; k++) turned[to + k] = data[(y * width + x) * 3 + k]!;
    }
  }
  return { width: height, height: width, data: turned };
}
