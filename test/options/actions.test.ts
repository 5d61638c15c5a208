import { describe, expect, test } from 'vitest';
import { MODEL_NAMES } from '../../src/engine/models/task-bundle.js';
import { ALL_TABLES } from '../../src/options/all-tables.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import type { Option } from '../../src/options/option.js';

const OPTIONS: [string, Option][] = ALL_TABLES.flatMap(table => Object.entries(table) as [string, Option][]);

/** Texts that go anywhere and are no paths. */
const FREE_TEXTS = ['include', 'exclude'];

/**
 * Switches that say what is made beside the table, how it looks, or what is said. Each new one has to be put here, or
 * be marked as one that acts.
 */
const HARMLESS_SWITCHES =
  'explain ledger angles quality contactSheet thumbnail plots fixSwaps mirror null hidden dryRun labels json motion rejectOutliers black sideBySide quiet logJson debug printConfig'.split(
    ' ',
  );

const accepts = ({ kind }: Option, given: string) => kind.schema.safeParse(kind.fromText(given)).success;

describe('options that act', () => {
  test('every option that takes a path is marked', () => {
    const unmarked = OPTIONS.filter(([, option]) => accepts(option, '../a/b.c') && !option.acts).map(([name]) => name);
    expect([...new Set(unmarked)]).toEqual(FREE_TEXTS);
  });

  test('every option whose help shows a place is marked', () => {
    const places = OPTIONS.filter(([, { flags }]) => /<[^>]*\b(file|dir|path|clip|list)\b[^>]*>/.test(flags ?? ''));
    expect(places.filter(([, { acts }]) => !acts).map(([name]) => name)).toEqual([]);
    expect(places.length).toBeGreaterThan(10);
  });

  test('every switch has decided whether it permits something', () => {
    const switches = OPTIONS.filter(([, { kind, acts }]) => kind.inert?.includes(false) && !acts).map(([name]) => name);
    expect([...new Set(switches)].sort()).toEqual([...HARMLESS_SWITCHES].sort());
    const permitting = OPTIONS.filter(([, { acts }]) => acts === 'permits').map(([name]) => name);
    expect([...new Set(permitting)].sort()).toEqual([
      'anyVideo',
      'follow',
      'force',
      'keep',
      'maxPixels',
      'overwrite',
      'retryFailed',
      'update',
    ]);
  });

  test('a network with a name is not a file', () => {
    expect(ANALYZE.model.kind.inert).toEqual(['auto', ...MODEL_NAMES]);
  });

  test('no path is an address', () => {
    const paths = OPTIONS.filter(([, option]) => accepts(option, '../a/b.c') && option.acts);
    const taken = paths.filter(([, option]) => accepts(option, 'https://host/x?X-Amz-Signature=1'));
    expect(taken.map(([name]) => name)).toEqual([]);
  });
});
