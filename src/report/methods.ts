import type { RunRecord } from '../model/run-record.js';

/** A paragraph for the methods section of a paper, from the run's record. */
export function methodsText(record: RunRecord): string {
  const { tool, engine, model, refinerModel, finderModel, ffmpeg, frames, input, analysed, options } = record;
  const { mode, minScore = 0 } = options.analysis;
  const { people = 1 } = options.analysis.engine;
  const { video } = input;
  const rate = video.averageRate ? (video.averageRate.num / video.averageRate.den).toFixed(2) : 'an unknown number of';
  const found = frames.decoded - frames.missing;
  const share = frames.decoded === 0 ? 0 : (100 * found) / frames.decoded;
  const judges = mode === 'smart' || mode === 'quality';
  const refiner = judges && refinerModel ? `, with ${named(refinerModel)} for refining` : '';
  const finder = judges && finderModel ? ` People were also searched for with ${named(finderModel)}.` : '';
  return [
    `Body landmarks were estimated with ${tool.name} ${tool.version} (mode ${mode}, ${engine?.name ?? 'no'} engine ${engine?.version ?? ''}),`,
    `which runs Google's MediaPipe BlazePose networks (model ${model ? named(model) : 'unknown'}${refiner}) on the CPU under Node ${tool.node}.${finder}`,
    `The video (${video.codec}, ${video.displayWidth}x${video.displayHeight} pixels, ${rate} frames per second on average) was decoded by ffmpeg ${ffmpeg.version} and analysed at ${analysed.width}x${analysed.height} pixels;`,
    `times are the presentation times of the frames. Of ${frames.decoded} frames, ${found} (${share.toFixed(1)} %) held a pose of up to ${people} ${people === 1 ? 'person' : 'people'}${judges ? '.' : ', as the network reported it.'}`,
    judges
      ? `Each pose has a score, the probability that it is right, and each landmark a confidence.${minScore > 0 ? ` Poses with a score below ${minScore} were left out.` : ''} Frames without a pose are reported as missing.`
      : 'Frames without a pose are reported as missing.',
    'The 33 landmarks are given in pixels of the displayed picture and, relative to the middle of the hips, in metres.',
  ].join(' ');
}

const named = ({ name, sha256 }: { name: string; sha256: string }) => `${name}, SHA-256 ${sha256.slice(0, 12)}...`;
