/** A landmark in a table; undefined if the cell is empty or the column is absent. */
export interface TableLandmark {
  /** Fractions of the picture's width and height. */
  readonly x: number | undefined;
  readonly y: number | undefined;
  /** Depth in the scale of x, 0 at the hips. */
  readonly z: number | undefined;
  /** 0-1. */
  readonly visibility: number | undefined;
  /** Pixels of the displayed picture. */
  readonly xPx: number | undefined;
  readonly yPx: number | undefined;
  /** Metres, 0 at the hips. */
  readonly worldX: number | undefined;
  readonly worldY: number | undefined;
  readonly worldZ: number | undefined;
  /** 0-1, of the landmark's position; undefined in older tables, which lack it. */
  readonly confidence: number | undefined;
}

/** One person of a frame. */
export interface TablePerson {
  readonly personId: number;
  readonly status: string;
  readonly strategy: string;
  /** 0-1. */
  readonly score: number | undefined;
  /** By landmark id, 33 of them. */
  readonly landmarks: readonly TableLandmark[];
}

/** One frame of a landmark file. Without people, `people` is empty. */
export interface TableFrame {
  readonly frameId: number;
  /** Presentation time in seconds. */
  readonly timestamp: number;
  readonly people: readonly TablePerson[];
}

/** The values of a landmark, and their names in tables. */
export const LANDMARK_COLUMNS = {
  x: 'x',
  y: 'y',
  z: 'z',
  visibility: 'visibility',
  xPx: 'x_px',
  yPx: 'y_px',
  worldX: 'world_x',
  worldY: 'world_y',
  worldZ: 'world_z',
  confidence: 'confidence',
} as const satisfies Record<keyof TableLandmark, string>;
