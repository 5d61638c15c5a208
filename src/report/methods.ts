import type { RunRecord } from '../sinks/run-record.js';

/** A paragraph for the methods section of a paper, from the run's record. */
export function methodsText(record: RunRecord): string {
  const { tool, engine, model, ffmpeg, frames, input, analysed, options } = record;
  const {
    mode,
    minScore,
    engine: engineOptions,
  } = options as { mode: string; minScore: number; engine: { people: number } };
  const { video } = input;
  const rate = video.averageRate ? (video.averageRate.num / video.averageRate.den).toFixed(2) : 'an unknown number of';
  const found = frames.decoded - frames.missing;
  const share = frames.decoded === 0 ? 0 : (100 * found) / frames.decoded;
  return [
    `Body landmarks were estimated with ${tool.name} ${tool.version} (mode ${mode}, ${engine?.name ?? 'no'} engine ${engine?.version ?? ''}),`,
    `which runs Google's MediaPipe BlazePose networks (model ${model?.name ?? 'unknown'}, SHA-256 ${model?.sha256.slice(0, 12) ?? ''}...) on the CPU under Node ${tool.node}.`,
    `The video (${video.codec}, ${video.displayWidth}x${video.displayHeight} pixels, ${rate} frames per second on average) was decoded by ffmpeg ${ffmpeg.version} and analysed at ${analysed.width}x${analysed.height} pixels;`,
    `times are the presentation times of the frames. Of ${frames.decoded} frames, ${found} (${share.toFixed(1)} %) held a pose of up to ${engineOptions.people} ${engineOptions.people === 1 ? 'person' : 'people'}`,
    mode === 'smart' || mode === 'quality'
      ? `with a score of at least ${minScore}; frames without one are reported as missing.`
      : 'as the network reported it.',
    'The 33 landmarks are given in pixels of the displayed picture and, relative to the middle of the hips, in metres.',
  ].join(' ');
}
