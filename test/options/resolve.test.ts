import { describe, expect, test } from 'vitest';
import { toAnalyzeOptions } from '../../src/options/analyze-options.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { environmentLayer, flagLayer, flagOf, variableOf } from '../../src/options/layers.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { closest } from '../../src/options/suggest.js';

const fromFlags = (flags: Record<string, unknown>) => resolveOptions(ANALYZE, [flagLayer(flags)]);

describe('options', () => {
  test('texts and numbers of all places come to the same values', () => {
    const file = {
      source: 'file',
      nameOf: (name: string) => name,
      values: { start: 90, people: 2, csv: false, labels: true },
    };
    const environment = environmentLayer(ANALYZE, {
      BODYSCRIPT_START: '1:30',
      BODYSCRIPT_PEOPLE: '2',
      BODYSCRIPT_CSV: 'false',
      BODYSCRIPT_LABELS: 'true',
      BODYSCRIPT_FORCE: 'true',
    });
    const [a, b] = [file, environment].map(layer => resolveOptions(ANALYZE, [layer]).values);
    expect(a).toMatchObject({ start: 90, people: 2, csv: false, labels: true, force: false });
    expect(b).toEqual(a);
  });

  test('names have a form for each place', () => {
    expect(flagOf('minScore')).toBe('--min-score');
    expect(variableOf('modelSha256')).toBe('BODYSCRIPT_MODEL_SHA256');
  });

  test.each([
    [{ minScore: 'high' }, '--min-score must be a number from 0 to 1, got "high"'],
    ...['0', '1.5', 'x'].map(people => [{ people }, '--people must be a whole number from 1 to 16'] as const),
    ...['-0.1', '1.1', 'NaN'].map(
      minPresence => [{ minPresence }, '--min-presence must be a number from 0 to 1'] as const,
    ),
    [{ fps: '0' }, '--fps must be a number above 0'],
    [{ people: '17' }, '--people must be a whole number from 1 to 16, got "17"'],
    [{ jobs: 'many' }, '--jobs must be auto or a whole number from 1 to 256, got "many"'],
    [{ start: 'soon' }, '--start must be a time of at least 0, e.g. 90, 1:30 or 0:01:30.5, got "soon"'],
    [{ start: '-1' }, '--start must be a time of at least 0, e.g. 90, 1:30 or 0:01:30.5, got "-1"'],
    [{ end: '-0:01' }, '--end must be a time of at least 0, e.g. 90, 1:30 or 0:01:30.5, got "-0:01"'],
    [{ timeScale: '1e99' }, '--time-scale must be auto or a number from 0.0001 to 3600, got "1e99"'],
    [{ timeScale: '1e-99' }, '--time-scale must be auto or a number from 0.0001 to 3600, got "1e-99"'],
    ...['1e99', '1e-7', '0'].map(preview => [{ preview }, '--preview must be 0.001-86400 seconds'] as const),
    [{ stall: '0' }, '--stall must be a time above 0'],
    [{ keep: 'ever' }, '--keep must be an age, e.g. 7d or 12h'],
    [{ maxMemory: '0' }, '--max-memory must be a size of at least 1M, e.g. 512M or 2G'],
    [{ person: 'tall' }, '--person must be first, largest, center or a point in pixels, e.g. 320,240'],
    [{ modelSha256: 'abc' }, '--model-sha256 must be 64 hexadecimal digits'],
    [{ name: 'a/b' }, '--name must be a file name without folders'],
    [{ minScore: '' }, '--min-score must be a number'],
  ] as [Record<string, unknown>, string][])('%j is refused', (flags, message) => {
    expect(() => fromFlags(flags)).toThrow(message);
  });

  test('what is written: files as usual, with one on stdout only what is named', () => {
    expect(toAnalyzeOptions(fromFlags({})).outputs).toMatchObject({
      csv: 'auto',
      overlay: { to: 'auto' },
      ndjson: undefined,
      record: true,
    });
    expect(toAnalyzeOptions(fromFlags({ csv: '-' })).outputs).toMatchObject({
      csv: '-',
      overlay: undefined,
      record: false,
    });
    expect(toAnalyzeOptions(fromFlags({ csv: '-', overlay: 'auto', out: 'x' })).outputs).toMatchObject({
      overlay: { to: 'auto' },
      record: true,
    });
    expect(toAnalyzeOptions(fromFlags({}), 'nothing').outputs).toMatchObject({
      csv: undefined,
      overlay: undefined,
      record: false,
    });
    for (const [flags, isPipe, lookAhead] of [
      [{}, false, 3],
      [{}, true, 0],
      [{ csv: '-' }, false, 0],
      [{ ndjson: '-' }, false, 0],
      [{ overlay: '-' }, false, 3],
      [{ mode: 'quality' }, false, 3],
      [{ mode: 'track' }, false, 0],
      [{ csv: '-', lookAhead: '5' }, true, 5],
    ] as const) {
      expect([flags, toAnalyzeOptions(fromFlags(flags), 'files', isPipe).analysis.lookAhead]).toEqual([
        flags,
        lookAhead,
      ]);
    }
    expect(() => fromFlags({ lookAhead: '9' })).toThrow('from 0 to 8');
    expect(() => toAnalyzeOptions(fromFlags({ csv: '-', overlay: '-' }))).toThrow('only one output may use stdout');
  });

  test('a part that ends where it begins is refused, also where the beginning is the video’s', () => {
    for (const [flags, from] of [
      [{ end: '0' }, 0],
      [{ start: '0', end: '0:00' }, 0],
      [{ start: '2', end: '2' }, 2],
    ] as const) {
      expect(() => toAnalyzeOptions(fromFlags(flags))).toThrow(
        `--end must be after --start, got --end ${from} and --start ${from}`,
      );
    }
    expect(toAnalyzeOptions(fromFlags({ end: '0.001' })).source.selection).toMatchObject({ end: 0.001 });
  });

  test('a misspelt word is taken for a near one, not for a far one', () => {
    expect(closest('min-scroe', ['minScore', 'people'])).toBe('minScore');
    expect(closest('zebra', ['minScore', 'people'])).toBeUndefined();
  });
});

test('a size says its unit and the least there is', () => {
  for (const maxMemory of ['10', '512', '1000K']) {
    expect(() => resolveOptions(ANALYZE, [flagLayer({ maxMemory })])).toThrow(
      `--max-memory must be a size of at least 1M, e.g. 512M or 2G (a number without a unit is bytes), got "${maxMemory}"`,
    );
  }
  expect(resolveOptions(ANALYZE, [flagLayer({ maxMemory: '1048576' })]).values.maxMemory).toBe(2 ** 20);
});
