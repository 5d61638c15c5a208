import { expect, test } from 'vitest';
import type { BatchRequest } from '../../src/batch/batch.js';
import { batchDisplay } from '../../src/cli/batch-display.js';
import { Log } from '../../src/cli/log.js';
import type { RunRecord } from '../../src/model/run-record.js';
import { USUAL } from '../support/queue-jobs.js';

/** A log that keeps the line of each video. */
class KeptLog extends Log {
  readonly said: string[] = [];
  override status(...[status, line]: Parameters<Log['status']>): void {
    this.said.push(`${status} ${typeof line === 'string' ? line : line.spans.join('')}`);
  }
}

test('a video that another run published first is not shown as done here', async () => {
  const log = new KeptLog({ level: 'info', json: true, color: false, colorStdout: false });
  const display = await batchDisplay({ options: USUAL, staging: undefined } as BatchRequest, log);
  const record = { frames: { decoded: 1080, missing: 0 } } as RunRecord;
  const video = { position: 1, given: 'clips/wave.mp4', job: { id: 1, name: 'wave', outputs: [] } };
  display.events.onSettled?.(video, 'skipped', undefined, { kind: 'done', record, outputs: [], byAnother: true });
  display.stop();
  expect(log.said).toEqual(['skipped clips/wave.mp4: another run published its results first']);
});
