import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askPython, pythonWith } from '../support/readers.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const OPENSIM = pythonWith('opensim');
const folder = await temporaryFolder();

/** Prints the rows and the names of the markers that OpenSim finds in a TRC file. */
const READ_TRC = `
import json, sys, opensim
opensim.Logger.setLevelString('off')
table = opensim.TimeSeriesTableVec3(sys.argv[1])
print(json.dumps({'rows': table.getNumRows(), 'markers': list(table.getColumnLabels())}))`;

test.skipIf(!OPENSIM)('OpenSim reads a TRC of one person, a row for each frame', async () => {
  await runCli([
    'analyze',
    join(SAMPLES, 'squat.mp4'),
    '-o',
    folder,
    '--max-frames',
    '5',
    '--no-overlay',
    '--export',
    'trc',
  ]);
  const read = (await askPython(OPENSIM!, READ_TRC, [join(folder, 'squat.trc')])) as {
    rows: number;
    markers: string[];
  };
  expect(read.rows).toBe(5);
  expect(read.markers).toHaveLength(33);
});
