import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Cuts } from '../../../src/analyze/segments/cuts.js';
import { SegmentTeam } from '../../../src/analyze/segments/segment-team.js';
import { runningChildren } from '../../../src/system/child-process.js';
import { analyzeOptions } from '../../support/options.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('a team that is closed in the middle of a segment leaves no process, and starts no other one', async () => {
  const options = analyzeOptions(await temporaryFolder());
  const team = await SegmentTeam.open({
    source: { path: join(SAMPLES, 'wave.mp4'), options, explains: false },
    ...{ count: 2, cuts: new Cuts(0), last: 3 },
    warn: () => {},
  });
  const taken = team.take(0);
  expect(runningChildren().size).toBeGreaterThan(0);
  await Promise.all([expect(taken).rejects.toThrow(), team[Symbol.asyncDispose]()]);
  await expect(team.analyse(1)).rejects.toThrow('closed');
  expect([...runningChildren().values()]).toEqual([]);
}, 60_000);
