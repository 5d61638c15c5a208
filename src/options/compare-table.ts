import { flag, fraction, matching, outputFile, path, plotFile, record, whole } from './kinds.js';
import { inGroup } from './option.js';

const TOLERANCE = /^\d+(\.\d+)?(px|%|torso)$/;
const tolerance = () => matching(TOLERANCE, 'a distance, e.g. 2px, 0.5% (of the longer side) or 0.01torso');
const share = () => matching(/^\d+(\.\d+)?%?$/, 'a number or a share, e.g. 3 or 0.5%');
const metres = () => matching(/^\d+(\.\d+)?(mm|cm|m)$/, 'a length, e.g. 5mm, 2cm or 0.02m');

/** The options of `bodyscript compare`. */
export const COMPARE = {
  ...inGroup('Tolerances:', {
    tolerance: {
      flags: '--tolerance <distance>',
      help: 'tolerance of landmarks: 2px, 0.5% (of the longer side) or 0.01torso',
      kind: tolerance(),
      default: '2px',
    },
    depthTolerance: {
      flags: '--depth-tolerance <distance>',
      help: 'tolerance of z, which is less accurate',
      kind: tolerance(),
      default: '10px',
    },
    worldTolerance: {
      flags: '--world-tolerance <length>',
      help: 'tolerance of world landmarks, in mm, cm or m',
      kind: metres(),
      default: '2cm',
    },
    visibilityTolerance: {
      flags: '--visibility-tolerance <0-1>',
      help: 'tolerance of visibility',
      kind: fraction(),
      default: 0.1,
    },
    confidenceTolerance: {
      flags: '--confidence-tolerance <0-1>',
      help: 'tolerance of confidence; 1 accepts any value',
      kind: fraction(),
      default: 1,
    },
    minVisibility: {
      flags: '--min-visibility <0-1>',
      help: 'ignore landmarks with lower visibility in the golden file',
      kind: fraction(),
      default: 0,
    },
    maxDifferent: {
      flags: '--max-different <n|%>',
      help: 'number or share of landmarks that may exceed the tolerance',
      kind: share(),
      default: '0',
    },
    maxMissing: {
      flags: '--max-missing <n|%>',
      help: 'number or share of frames and poses that may be lost or added',
      kind: share(),
      default: '0',
    },
    maxSwaps: {
      flags: '--max-swaps <n|%>',
      help: 'number or share of poses that may have left and right swapped',
      kind: share(),
      default: '0',
    },
    landmarks: {
      flags: undefined,
      help: 'tolerances of single landmarks by name, e.g. { "left_wrist": "5px" }',
      kind: record(tolerance()),
    },
  }),
  ...inGroup('Outputs:', {
    json: { flags: '--json', help: 'write the report as JSON to stdout', kind: flag(), default: false },
    junit: {
      flags: '--junit <file>',
      help: 'write the report as JUnit XML, for CI',
      kind: outputFile(),
      acts: 'writes',
    },
    markdown: {
      flags: '--markdown <file>',
      help: 'write the report as Markdown, for a comment; - for stdout',
      kind: outputFile(),
      acts: 'writes',
    },
    overwrite: {
      flags: '--overwrite',
      help: 'replace existing files (earlier reports are always replaced)',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
    worst: {
      flags: '--worst <n>',
      help: 'number of worst frames and landmarks to list, 0-100',
      kind: whole(0, 100),
      default: 5,
    },
    picture: {
      flags: '--picture <dir>',
      help: 'folder for pictures of the worst frames with both skeletons; needs --video',
      kind: path(),
      acts: 'writes',
    },
    video: { flags: '--video <clip>', help: 'video that the tables were made from', kind: path(), acts: 'loads' },
    anyVideo: {
      flags: '--any-video',
      help: 'allow a video other than the one analysed, e.g. a re-encoded copy',
      kind: flag(),
      default: false,
      acts: 'permits',
    },
    plot: {
      flags: '--plot <file>',
      help: 'only plot the joint angles of both, per step or repetition if there are any, as .svg or .png',
      kind: plotFile(),
      onlyFlag: true,
      acts: 'writes',
    },
    update: {
      flags: '--update',
      help: 'show the differences, then make NEW the golden file',
      kind: flag(),
      default: false,
      onlyFlag: true,
      acts: 'permits',
    },
    ffmpeg: { flags: '--ffmpeg <path>', help: 'path of ffmpeg, for --picture', kind: path(), acts: 'runs' },
    ffprobe: { flags: '--ffprobe <path>', help: 'path of ffprobe, for --picture', kind: path(), acts: 'runs' },
  }),
} as const;
