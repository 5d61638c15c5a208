/** The formats of other tools to which a landmark file can be exported. */
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

/** Those with markers that a person's height scales. */
export const SCALED_FORMATS: readonly ExportFormat[] = ['trc', 'opensim', 'c3d'];
