import { basename } from 'node:path';
import type { OutputOptions } from '../analyze/options.js';
import type { SingleVideo } from '../batch/batch.js';
import type { VideoOutcome } from '../batch/worker/protocol.js';
import { STDOUT } from '../system/whole-file.js';
import type { BatchDisplay } from './batch-display.js';
import { hasResults } from './batch-lines.js';
import { liveLines } from './live-lines.js';
import type { Log } from './log.js';
import { progressDisplay } from './progress.js';
import { doneAlready, summarize } from './summary.js';

/** Shows the progress and summary of a single video. Its failure is the command's, and is reported last. */
export async function singleDisplay(
  { path, name }: SingleVideo,
  options: OutputOptions,
  log: Log,
): Promise<BatchDisplay> {
  const isStdoutData = [options.csv, options.ndjson, options.overlay?.to].includes(STDOUT);
  const progress = await progressDisplay(name ?? basename(path), log, isStdoutData);
  const prefix = `${path}: `;
  return {
    stop: () => progress.stop(),
    events: {
      onProgress: (_, state) => progress.update(state),
      // A batch puts the video's name before a warning; a single video does not need it.
      onWarning: message => log.warn(message.startsWith(prefix) ? message.slice(prefix.length) : message),
      onSettled: ({ job }, outcome, decision, ended) => {
        progress.stop();
        if (ended?.kind === 'done') {
          const { frames, outputs, peakMemory, input } = ended.record;
          log.info(summarize(ended.record, log.isTerminal ? liveLines.columns : undefined), {
            event: 'done',
            input: input.path,
            frames,
            outputs,
            peakMemory,
          });
        } else if (outcome === 'skipped') {
          log.info(doneAlready(path, job.outputs, decision, options), { event: 'skipped', input: path });
        } else if (ended?.kind === 'failed') {
          sayKept(ended, isStdoutData, log);
        }
      },
    },
  };
}

/** @param isStdoutData whether rows or pictures have gone to stdout, and so may be saved elsewhere */
function sayKept({ error, kept }: Extract<VideoOutcome, { kind: 'failed' }>, isStdoutData: boolean, log: Log): void {
  if (error.code === 'READER_GONE') return;
  if (hasResults(kept)) log.notice(`partial results saved in ${kept.join(', ')}`, { event: 'kept', files: kept });
  else if (error.code === 'INTERRUPTED' && !isStdoutData)
    log.notice('nothing was saved yet', { event: 'kept', files: [] });
}
