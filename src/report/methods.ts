import type { RunRecord } from '../model/run-record.js';
import { count, fixed } from './figures.js';
import { wonBy } from './networks.js';

/**
 * A paragraph for the methods section of a paper, from the run's record.
 * @param filtering how the table was filtered, as a sentence
 */
export function methodsText(record: RunRecord, filtering?: string): string {
  const { tool, engine, ffmpeg, frames, input, analysed, options } = record;
  const { mode } = options.analysis;
  const { people = 1 } = options.analysis.engine;
  const { video } = input;
  const found = frames.decoded - frames.missing;
  const share = frames.decoded === 0 ? 0 : (100 * found) / frames.decoded;
  return [
    `Body landmarks were estimated with ${tool.name} ${tool.version} (mode ${mode}, ${engine?.name ?? 'no'} engine ${engine?.version ?? ''}, ${engine?.provider ?? ''}),`,
    `which runs Google's MediaPipe BlazePose networks (Bazarevsky et al. 2020, arXiv:2006.10204) under Node ${tool.node}.`,
    networks(record),
    `The video (${video.codec}, ${video.displayWidth}x${video.displayHeight} pixels, ${rates(record)}) was decoded by ffmpeg ${ffmpeg.version} and analysed at ${analysed.width}x${analysed.height} pixels;`,
    `times are the presentation times of the frames${input.timeScale === 1 ? '' : `, multiplied by ${input.timeScale}`}. Of ${frames.decoded} frames, ${found} (${share.toFixed(1)} %) held a pose of up to ${people} ${people === 1 ? 'person' : 'people'}; ${frames.missing} are reported as missing.`,
    limits(record),
    'The 33 landmarks are given in pixels of the displayed picture and, relative to the middle of the hips, in metres.',
    ...(filtering === undefined ? [] : [filtering]),
  ].join(' ');
}

/** The modes that judge poses use all networks; the others only the first. */
const judges = ({ options }: RunRecord) => ['smart', 'quality'].includes(options.analysis.mode);

/** The networks that ran, and the number of poses won by each. */
function networks(record: RunRecord): string {
  const { model, refinerModel, finderModel } = record;
  const { poses, byModel, byRefiner, inBoxes, filled } = wonBy(record);
  const first = `The landmark network was ${model ? named(model) : 'unknown'}, behind the detector of the same bundle`;
  if (!judges(record)) return `${first}.`;
  const refiner = refinerModel ? `; doubtful poses were refined by ${named(refinerModel)}` : '';
  const finder = finderModel ? `; people were also searched for with ${named(finderModel)}` : '';
  const won = [
    `${byModel} are of ${model?.name ?? 'the landmark network'}`,
    ...(refinerModel ? [`${byRefiner} of ${refinerModel.name}`] : []),
    ...(finderModel ? [`${inBoxes} of them start from a box of ${finderModel.name}`] : []),
    ...(filled > 0 ? [`${filled} were filled in between others`] : []),
  ];
  return `${first}${refiner}${finder}. Of ${poses} poses ${won.join(', ')}.`;
}

const named = ({ name, sha256 }: { name: string; sha256: string }) => `${name} (SHA-256 ${sha256})`;

/** Frame rates of the video and of the analysed frames. */
function rates({ input, options }: RunRecord): string {
  const { averageRate } = input.video;
  const rate = averageRate ? (averageRate.num / averageRate.den).toFixed(2) : 'an unknown number of';
  const { selection } = options.source as { readonly selection?: { readonly every?: unknown } };
  const every = selection?.every;
  return `${rate} frames per second on average${typeof every === 'number' && every > 1 ? `, of which every ${every}th was analysed` : ''}`;
}

/** The thresholds of poses. */
function limits(record: RunRecord): string {
  const { minScore = 0, engine } = record.options.analysis;
  const { minDetection, minPresence, minTracking } = engine as Readonly<Record<string, unknown>>;
  const thresholds = `Minimum scores were ${fixed(minDetection, 2)} of the detector, ${fixed(minPresence, 2)} of a pose and ${fixed(minTracking, 2)} for following one.`;
  if (!judges(record)) return `${thresholds} Poses are reported as the network returned them.`;
  const left = minScore > 0 ? ` Poses with a score below ${minScore} were left out.` : '';
  const swaps = record.options.analysis.fixSwaps
    ? ` Left and right were swapped back in ${count(record.swaps.count)} poses.`
    : '';
  return `${thresholds} Each pose has a score, the probability that it is right, and each landmark a confidence, the probability that it lies within 0.2 torso lengths of its true place.${left}${swaps}`;
}
