import { expect, test } from 'vitest';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { refuseIdle } from '../../src/options/idle.js';
import { type InputKinds, idleInputRules } from '../../src/options/idle-inputs.js';
import { flagLayer } from '../../src/options/layers.js';
import { resolveOptions } from '../../src/options/resolve.js';

type Given = Readonly<Record<string, unknown>>;

test('a rate counts for raw streams, which may have no times', () => {
  const resolved = resolveOptions(ANALYZE, [flagLayer({ fps: '30' })]);
  const kinds = { areFiles: true, hasRaw: true, fromStdin: false, isStream: false };
  expect(() => refuseIdle(idleInputRules(kinds), resolved)).not.toThrow();
});

test.each<[Given, Partial<InputKinds>, string]>([
  [{ fps: '30' }, { areFiles: true }, 'the video has its own frame times'],
  [{ name: 'a' }, { fromStdin: false }, 'it names the results of a video from stdin'],
  [{ include: ['*.mp4'] }, { areFiles: true }, 'none of the inputs is a folder'],
  [{ exclude: ['*.mp4'] }, { areFiles: true }, 'none of the inputs is a folder'],
  [{ hidden: true }, { areFiles: true }, 'none of the inputs is a folder'],
  [{ follow: true }, { areFiles: true }, 'none of the inputs is a folder'],
  [{ scratch: '/scratch' }, { usesBucket: false }, 'no input and no output is in a bucket'],
  [{ stall: '5' }, { isStream: true }, 'may be slow without limit'],
])('what counts for other inputs is refused: %j with %j', (given, kinds, because) => {
  const resolved = resolveOptions(ANALYZE, [flagLayer(given)]);
  const counting = { areFiles: false, fromStdin: true, isStream: false, usesBucket: true };
  expect(() => refuseIdle(idleInputRules({ ...counting, ...kinds }), resolved)).toThrow(because);
  expect(() => refuseIdle(idleInputRules(counting), resolved)).not.toThrow();
});
