import { CONFINEMENT } from '../decode/input.js';
import type { VideoInfo } from '../model/frame.js';
import { AttemptsSink } from '../sinks/attempts-sink.js';
import { CsvSink } from '../sinks/csv-sink.js';
import type { OverlayAudio } from '../sinks/overlay/encode-command.js';
import { OverlaySink } from '../sinks/overlay/overlay-sink.js';
import type { Sink } from '../sinks/sink.js';
import type { Job } from './job.js';

/** The sinks of a run, and the one of them that is told of attempts. */
export interface OpenSinks {
  readonly all: readonly Sink[];
  readonly attempts: AttemptsSink | undefined;
}

/** Opens what the options ask for. A sink that cannot be opened closes those before it. */
export async function openSinks(job: Job): Promise<OpenSinks> {
  const { plan, video, options } = job;
  const sinks: Sink[] = [];
  try {
    if (plan.csv)
      sinks.push(await CsvSink.create(plan.csv, { width: video.displayWidth, height: video.displayHeight }));
    if (plan.overlay && options.overlay) sinks.push(await openOverlay(job, plan.overlay));
    const attempts = plan.attempts === undefined ? undefined : await AttemptsSink.create(plan.attempts);
    if (attempts) sinks.push(attempts);
    return { all: sinks, attempts };
  } catch (error) {
    await Promise.allSettled(sinks.map(sink => sink.abort(error)));
    throw error;
  }
}

async function openOverlay({ options, video, size, source, binaries }: Job, path: string): Promise<OverlaySink> {
  const audio = overlayAudio(video, options.selection);
  const job = {
    path,
    video,
    ...size,
    audio: audio && { ...audio, openOptions: [...CONFINEMENT, ...source.openOptions], url: source.url },
    ...binaries,
  };
  return OverlaySink.create(job, options.overlay ?? { crf: 23, minVisibility: 0.5, labels: false });
}

/** The part of the sound that goes with the chosen frames; undefined where there is no sound. */
function overlayAudio(
  video: VideoInfo,
  { start, end, maxFrames, every }: Job['options']['selection'],
): Pick<OverlayAudio, 'streams' | 'start' | 'end'> | undefined {
  if (video.audio.length === 0) return undefined;
  const rate = video.averageRate && video.averageRate.num / video.averageRate.den;
  const limited =
    maxFrames === undefined || !rate ? undefined : (start ?? video.startTime ?? 0) + (maxFrames * every) / rate;
  const ends = [end, limited].filter(value => value !== undefined);
  return { streams: video.audio, start, end: ends.length === 0 ? undefined : Math.min(...ends) };
}
