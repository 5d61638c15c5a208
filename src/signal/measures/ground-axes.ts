/** A line in the picture, in pixels of the displayed video. */
export interface PictureLine {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** The axes along the ground and up from it, in the picture. */
export interface GroundAxes {
  /** Pixels along the ground, rising to the picture's right. @param x, y in pixels, y down */
  along(x: number, y: number): number;
  /** Pixels up from the ground. */
  up(x: number, y: number): number;
}

export function lengthOf({ x1, y1, x2, y2 }: PictureLine): number {
  return Math.hypot(x2 - x1, y2 - y1);
}

/** The slope of a line, rising to the picture's right, -90 to 90; the order of its ends does not matter. */
function riseDegrees({ x1, y1, x2, y2 }: PictureLine): number {
  const toRight = x2 < x1 ? -1 : 1;
  return (Math.atan2((y1 - y2) * toRight, (x2 - x1) * toRight) * 180) / Math.PI;
}

/** @param ground a line that is horizontal in reality; undefined: the picture's own horizontal */
export function groundAxes(ground: PictureLine | undefined): GroundAxes {
  const angle = ((ground ? riseDegrees(ground) : 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { along: (x, y) => x * cos - y * sin, up: (x, y) => -x * sin - y * cos };
}
