/** The formats of other tools that a landmark file can be written in. */
export const EXPORT_FORMATS = ['trc', 'mot', 'openpose', 'coco', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
