import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { AnalyzeOptions } from '../../src/analyze/options.js';
import { optionsHash, tableHash } from '../../src/analyze/options-hash.js';
import { upgradeRunRecord } from '../../src/formats/upgrade-run-record.js';
import { toAnalyzeOptions } from '../../src/options/analyze-options.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { flagLayer } from '../../src/options/layers.js';
import { resolveOptions } from '../../src/options/resolve.js';

const optionsOf = (flags: Record<string, unknown>) => toAnalyzeOptions(resolveOptions(ANALYZE, [flagLayer(flags)]));
const usual = optionsOf({});
const GROUPS = ['source', 'analysis', 'outputs', 'machine'] as const;
const FIELDS = GROUPS.flatMap(group => Object.keys(usual[group]).map(field => [group, field] as const));
/** The place of results, and whether a record lists them. */
const OF_PLACES = ['outDir', 'record'];

/** The hashes that differ from those of the default options. */
function changedBy(options: AnalyzeOptions): string[] {
  const isTable = tableHash(options) !== tableHash(usual);
  const isFiles = optionsHash(options) !== optionsHash(usual);
  return [...(isTable ? ['table'] : []), ...(isFiles ? ['files'] : [])];
}

describe('the hashes of options', () => {
  test.each(FIELDS)('%s.%s changes the hash of what it affects', (group, field) => {
    const options = { ...usual, [group]: { ...usual[group], [field]: 'another' } };
    const decidesTable = group === 'source' || group === 'analysis';
    const decidesFiles = decidesTable || (group === 'outputs' && !OF_PLACES.includes(field));
    expect(changedBy(options)).toEqual([...(decidesTable ? ['table'] : []), ...(decidesFiles ? ['files'] : [])]);
  });

  test.each([
    [{ mode: 'track' }, ['table', 'files']],
    [{ people: '2' }, ['table', 'files']],
    [{ every: '2' }, ['table', 'files']],
    [{ rotate: '90' }, ['table', 'files']],
    [{ deinterlace: 'off' }, ['table', 'files']],
    [{ deinterlace: 'auto' }, []],
    [{ overlay: false }, ['files']],
    [{ overlaySize: '320' }, ['files']],
    [{ export: 'trc' }, ['files']],
    [{ csvLayout: 'wide' }, ['files']],
    [{ csvDialect: 'excel-eu' }, ['files']],
    [{ csvDialect: 'plain' }, []],
    [{ out: 'elsewhere' }, []],
    [{ maxMemory: '2G' }, []],
    [{ maxPixels: '1000000' }, []],
    [{ threads: '2' }, []],
    [{ modelSha256: 'a'.repeat(64) }, []],
    [{ ffmpeg: '/opt/ffmpeg' }, []],
    [{ overwrite: true }, []],
  ] as [Record<string, unknown>, string[]][])('%j changes %j', (flags, changed) => {
    expect(changedBy(optionsOf(flags))).toEqual(changed);
  });

  test('every field name is unique across all groups: hashes are of one flat object', () => {
    const names = FIELDS.map(([, field]) => field);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test('null options of a record have the hashes of options not given', () => {
    const spelled = JSON.parse(JSON.stringify(usual, (_, value: unknown) => value ?? null)) as AnalyzeOptions;
    expect(changedBy(spelled)).toEqual([]);
  });

  test('options have the hash stored in ledgers from before groups existed', async () => {
    const before = JSON.parse(await readFile(new URL('../support/run-options-1.json', import.meta.url), 'utf8'));
    const { options } = upgradeRunRecord(before) as { options: AnalyzeOptions };
    expect(optionsHash(options)).toBe('06485cd153c28836eff5a9d22bf6ba1607c8e84b306d468264fdbfd106baa040');
  });
});
