import { pictureSize } from '../model/picture-size.js';
import { readLandmarks } from './read-landmarks.js';

/** Width and height of a table's picture in pixels, from its first pose; 1 x 1 for one without poses. */
export async function pictureSizeOf(path: string): Promise<{ width: number; height: number }> {
  for await (const { people } of readLandmarks(path)) {
    const size = people[0] && pictureSize(people[0]);
    if (size) return size;
  }
  return { width: 1, height: 1 };
}
