import { ATTEMPTS } from './attempts-output.js';
import { C3D, COCO, MOT, MOVEMENT, OPENPOSE, OPENSIM, PARQUET, TRC, XLSX } from './exports/export-kinds.js';
import { ANGLES, CSV, NDJSON } from './lines-output.js';
import type { OutputKind } from './output.js';
import { OVERLAY } from './overlay.js';
import { PICTURES } from './pictures/pictures.js';
import { PLOTS } from './plots/plots-file.js';
import { PREVIEW } from './preview.js';
import { QUALITY } from './quality-file.js';

/**
 * All outputs, one line each: the only place that lists them. They are opened, and listed in the run record, in this
 * order.
 */
export const OUTPUTS: readonly OutputKind[] = [
  CSV,
  NDJSON,
  ANGLES,
  PICTURES,
  OVERLAY,
  PREVIEW,
  ATTEMPTS,
  QUALITY,
  PLOTS,
  TRC,
  MOT,
  OPENSIM,
  C3D,
  OPENPOSE,
  COCO,
  PARQUET,
  MOVEMENT,
  XLSX,
];
