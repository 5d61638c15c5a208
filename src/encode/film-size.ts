/** Size of pictures in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The factor by which pictures are larger than in a film whose longer side is `longest` pixels; 1 if they are not
 * larger, or if `longest` is undefined.
 */
export function shrinkage({ width, height }: Size, longest: number | undefined): number {
  return longest === undefined ? 1 : Math.max(1, Math.max(width, height) / longest);
}

/**
 * The film's size: smaller, never larger than the pictures. When scaled down, its sides are even, as H.264 requires.
 */
export function filmSize(size: Size, longest: number | undefined): Size {
  const shrink = shrinkage(size, longest);
  if (shrink === 1) return size;
  const side = (pixels: number) => Math.max(2, 2 * Math.round(pixels / shrink / 2));
  return { width: side(size.width), height: side(size.height) };
}
