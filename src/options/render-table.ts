import { ANALYZE } from './analyze-table.js';
import { flag, text } from './kinds.js';
import { inGroup } from './option.js';

const { minVisibility, labels, overlayCrf, maxSize, ffmpeg, ffprobe } = ANALYZE;

/** The options of `bodyscript render`. */
export const RENDER = {
  ...inGroup('What to write:', {
    output: {
      flags: '-o, --output <file>',
      help: 'the film; TABLE.render.mp4 if not given; - for stdout',
      kind: text(),
      onlyFlag: true,
    },
  }),
  ...inGroup('How it looks:', {
    black: { flags: '--black', help: 'skeletons on black', kind: flag(), default: false },
  }),
  minVisibility,
  labels,
  overlayCrf,
  maxSize,
  ffmpeg,
  ffprobe,
} as const;
