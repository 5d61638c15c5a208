import { afterEach, describe, expect, test } from 'vitest';
import type { JobEntry } from '../../src/batch/ledger/job.js';
import { jobDetails } from '../../src/cli/job-details.js';
import { JobsTable } from '../../src/cli/jobs-table.js';
import { plainText, shown } from '../../src/cli/styled.js';
import { widthOf } from '../../src/text/width.js';

const ENDED = Date.UTC(2026, 10, 26, 7, 0, 12, 345);
const LONG = 'patients/017/follow-up/overground-walking-barefoot-comfortable-speed-camera-left-take-02';

function job(more: Partial<JobEntry> = {}): JobEntry {
  return {
    id: 7,
    path: `/films/${LONG}.mp4`,
    name: LONG,
    version: 1,
    state: 'done',
    bytes: 5_000_000,
    modified: ENDED,
    sha256: 'ab'.repeat(32),
    optionsHash: null,
    toolVersion: '0.1.0',
    attempts: 1,
    alone: false,
    runner: null,
    worker: null,
    leaseUntil: null,
    queuedAt: ENDED - 9000,
    startedAt: ENDED - 8000,
    endedAt: ENDED,
    frames: { decoded: 300, detected: 3, tracked: 292, missing: 5, filled: 0 },
    wallSeconds: 7.2,
    peakMemory: 236 * 2 ** 20,
    error: null,
    outputs: [],
    ...more,
  };
}
const FAILED = job({
  state: 'failed',
  frames: null,
  wallSeconds: null,
  error: { code: 'INPUT_EMPTY', message: 'bad.mp4: is empty', remedy: 'Copy it again.' },
});

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('the table of jobs', () => {
  test.each([20, 40, 60, 80, 100, 132, 200])('fits a terminal of %i columns, with state and name', columns => {
    const table = new JobsTable(columns);
    const row = plainText([table.row(job())]);
    expect(widthOf(row)).toBeLessThanOrEqual(columns);
    expect(row).toMatch(/done .*p/);
    expect(row.endsWith('take-02') || row.includes('…')).toBe(true);
    expect(table.head).toContain('video');
  });

  test('columns stand below their heads', () => {
    const table = new JobsTable(200);
    const row = plainText([table.row(job())]);
    for (const [head, value] of [
      ['state', 'done'],
      ['ended', '2026-11-26'],
      ['video', 'patients/'],
    ] as const) {
      expect(row.indexOf(value), head).toBe(table.head.indexOf(head));
    }
    for (const [head, value] of [
      ['frames', '300'],
      ['found', '98.3 %'],
      ['took', '7.2 s'],
      ['memory', '236 MB'],
    ] as const) {
      expect(row.indexOf(value) + value.length, head).toBe(table.head.indexOf(head) + head.length);
    }
  });

  test('a pipe gets every name whole', () => {
    expect(plainText([new JobsTable(undefined).row(job())])).toContain(LONG);
  });

  test('the state is coloured if colours are on', () => {
    const table = new JobsTable(undefined);
    expect(shown([table.row(job())], true)).toContain('\u001b[32mdone');
    expect(shown([table.row(FAILED)], true)).toContain('\u001b[31mfailed');
    expect(shown([table.row(FAILED)], false)).not.toContain('\u001b');
  });

  test('what failed has its error and the remedy; what is done or tried again has neither', () => {
    const table = new JobsTable(80);
    expect(table.reason(FAILED).map(line => line.trim())).toEqual(['INPUT_EMPTY: bad.mp4: is empty', 'Copy it again.']);
    expect(table.reason(job())).toEqual([]);
    expect(table.reason({ ...FAILED, state: 'queued' })).toEqual([]);
  });
});

describe('everything about one video', () => {
  test.each([
    ['UTC', '2026-11-26 07:00:12 local (UTC+00:00)'],
    ['Europe/Berlin', '2026-11-26 08:00:12 local (UTC+01:00)'],
    ['America/St_Johns', '2026-11-26 03:30:12 local (UTC-03:30)'],
  ])('has local times, which it names as such, beside ISO ones: %s', (name, local) => {
    process.env.TZ = name;
    expect(plainText(jobDetails(job()))).toMatch(`ended          ${local}, 2026-11-26T07:00:12.345Z`);
  });

  test('has the error and the remedy of what failed', () => {
    const text = plainText(jobDetails(FAILED));
    expect(text).toMatch(/^state {10}failed$/m);
    expect(text).toMatch(/^error {10}INPUT_EMPTY: bad\.mp4: is empty$/m);
    expect(text).toMatch(/^remedy {9}Copy it again\.$/m);
  });

  test('has readable sizes, and says 1 byte of 1 byte', () => {
    expect(plainText(jobDetails(job()))).toMatch(/^video size {5}5 MB \(5000000 bytes\)$/m);
    expect(plainText(jobDetails(job({ bytes: 1 })))).toMatch(/^video size {5}1 byte$/m);
  });
});
