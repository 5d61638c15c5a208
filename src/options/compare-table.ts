import { flag, fraction, matching, outputFile, path, plotFile, record, whole } from './kinds.js';
import { inGroup } from './option.js';

const TOLERANCE = /^\d+(\.\d+)?(px|%|torso)$/;
const tolerance = () => matching(TOLERANCE, 'a distance, e.g. 2px, 0.5% (of the longer side) or 0.01torso');
const share = () => matching(/^\d+(\.\d+)?%?$/, 'a number or a share, e.g. 3 or 0.5%');
const metres = () => matching(/^\d+(\.\d+)?(mm|cm|m)$/, 'a length, e.g. 5mm, 2cm or 0.02m');

/** The options of `bodyscript compare`. */
export const COMPARE = {
  ...inGroup('What may differ:', {
    tolerance: {
      flags: '--tolerance <distance>',
      help: 'how far off a landmark may be: 2px, 0.5% of the longer side, 0.01torso',
      kind: tolerance(),
      default: '2px',
    },
    depthTolerance: {
      flags: '--depth-tolerance <distance>',
      help: 'the same for z, which is less exact',
      kind: tolerance(),
      default: '10px',
    },
    worldTolerance: {
      flags: '--world-tolerance <length>',
      help: 'the same for world landmarks, in mm, cm or m',
      kind: metres(),
      default: '2cm',
    },
    visibilityTolerance: {
      flags: '--visibility-tolerance <0-1>',
      help: 'the same for visibility',
      kind: fraction(),
      default: 0.1,
    },
    confidenceTolerance: {
      flags: '--confidence-tolerance <0-1>',
      help: 'the same for confidence; by default it only has to be there',
      kind: fraction(),
      default: 1,
    },
    minVisibility: {
      flags: '--min-visibility <0-1>',
      help: 'leave out landmarks that are less visible than this in the golden file',
      kind: fraction(),
      default: 0,
    },
    maxDifferent: {
      flags: '--max-different <n|%>',
      help: 'how many landmarks may be further off than that',
      kind: share(),
      default: '0',
    },
    maxMissing: {
      flags: '--max-missing <n|%>',
      help: 'how many frames and poses may be lost or added',
      kind: share(),
      default: '0',
    },
    maxSwaps: {
      flags: '--max-swaps <n|%>',
      help: 'how many poses may have left and right swapped',
      kind: share(),
      default: '0',
    },
    landmarks: {
      flags: undefined,
      help: 'tolerances of single landmarks by name, as { "left_wrist": "5px" }',
      kind: record(tolerance()),
    },
  }),
  ...inGroup('What to write:', {
    json: { flags: '--json', help: 'the report as JSON on stdout', kind: flag(), default: false },
    junit: { flags: '--junit <file>', help: 'the report as JUnit XML, for CI', kind: outputFile(), acts: 'writes' },
    markdown: {
      flags: '--markdown <file>',
      help: 'the report as Markdown, for a comment; - for stdout',
      kind: outputFile(),
      acts: 'writes',
    },
    overwrite: {
      flags: '--overwrite',
      help: 'replace files that exist; its own earlier reports are always replaced',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
    worst: { flags: '--worst <n>', help: 'frames and landmarks to name', kind: whole(0, 100), default: 5 },
    picture: {
      flags: '--picture <dir>',
      help: 'the worst frames with both skeletons; needs --video',
      kind: path(),
      acts: 'writes',
    },
    video: { flags: '--video <clip>', help: 'the video that the tables were made from', kind: path(), acts: 'loads' },
    anyVideo: {
      flags: '--any-video',
      help: 'permit a video of other content than the one analysed, such as a copy of other quality',
      kind: flag(),
      default: false,
      acts: 'permits',
    },
    plot: {
      flags: '--plot <file>',
      help: 'only draw the angles of both, over a step or repetition where they have some, as .svg or .png; judges nothing',
      kind: plotFile(),
      onlyFlag: true,
      acts: 'writes',
    },
    update: {
      flags: '--update',
      help: 'show the difference, then make NEW the golden file',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
    ffmpeg: { flags: '--ffmpeg <path>', help: 'this ffmpeg, for --picture', kind: path(), acts: 'runs' },
    ffprobe: { flags: '--ffprobe <path>', help: 'this ffprobe, for --picture', kind: path(), acts: 'runs' },
  }),
} as const;
