/** The formats of other tools that a landmark file can be written in. */
export const EXPORT_FORMATS = [
  'trc',
  'mot',
  'opensim',
  'c3d',
  'openpose',
  'coco',
  'parquet',
  'movement',
  'xlsx',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Those whose markers a person's height scales. */
export const SCALED_FORMATS: readonly ExportFormat[] = ['trc', 'opensim', 'c3d'];
