import { basename } from 'node:path';
import { analyzeVideo } from '../analyze/analyze-video.js';
import { type RawAnalyzeOptions, resolveAnalyzeOptions } from './analyze-options.js';
import { progressDisplay } from './progress.js';
import { summarize } from './summary.js';

/** `bodyscript analyze VIDEO`. */
export async function runAnalyze(video: string, raw: RawAnalyzeOptions, signal: AbortSignal): Promise<void> {
  const options = resolveAnalyzeOptions(raw);
  const quiet = raw.quiet ?? false;
  const progress = await progressDisplay(basename(video), quiet);
  const say = (line: string) => {
    if (!quiet) process.stderr.write(`${line}\n`);
  };
  let kept: readonly string[] = [];
  try {
    const record = await analyzeVideo(video, options, {
      signal,
      onProgress: state => progress.update(state),
      onWarning: message => say(`warning: ${message}`),
      onKept: paths => {
        kept = paths;
      },
    });
    progress.stop();
    say(summarize(record));
  } catch (error) {
    progress.stop();
    if (kept.length > 0) process.stderr.write(`what was computed is kept in ${kept.join(', ')}\n`);
    throw error;
  }
}
