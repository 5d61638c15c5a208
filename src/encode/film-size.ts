/** Size of pictures in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * How many times larger pictures are than they come to stand in a film whose longer side is `longest` pixels; 1 where
 * they are no larger, or `longest` is undefined.
 */
export function shrinkage({ width, height }: Size, longest: number | undefined): number {
  return longest === undefined ? 1 : Math.max(1, Math.max(width, height) / longest);
}

/** The film's size: smaller, never larger than the pictures. Made smaller, its sides are even, as H.264 wants them. */
export function filmSize(size: Size, longest: number | undefined): Size {
  const shrink = shrinkage(size, longest);
  if (shrink === 1) return size;
  const side = (pixels: number) => Math.max(2, 2 * Math.round(pixels / shrink / 2));
  return { width: side(size.width), height: side(size.height) };
}
