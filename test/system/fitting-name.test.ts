import { expect, test } from 'vitest';
import { fittingName, isShortened } from '../../src/system/fitting-name.js';

const bytes = (name: string) => Buffer.byteLength(name);

test('names that leave room for suffixes are unchanged, whatever their folders', () => {
  for (const name of ['walk', 'あ'.repeat(66), 'a'.repeat(200), `${'folder/'.repeat(60)}walk`]) {
    expect(fittingName(name)).toBe(name);
    expect(isShortened(name)).toBe(false);
  }
});

test('a longer one is cut between visible characters, and its hash distinguishes it from others with the same beginning', () => {
  const names = [
    'あ'.repeat(80),
    `${'あ'.repeat(79)}い`,
    `deep/${'é'.repeat(120)}`,
    '👩‍👩‍👧'.repeat(13),
    'a'.repeat(201),
  ];
  const short = names.map(fittingName);
  expect(new Set(short).size).toBe(names.length);
  for (const [i, name] of short.entries()) {
    const last = name.slice(name.lastIndexOf('/') + 1);
    expect(bytes(last)).toBeLessThanOrEqual(200);
    expect(bytes(last)).toBeGreaterThan(170);
    expect(last).toMatch(/~[0-9a-f]{8}$/);
    expect(isShortened(name)).toBe(true);
    expect(names[i]?.startsWith(name.slice(0, -9))).toBe(true);
    expect(fittingName(name)).toBe(name);
  }
  expect(short[3]?.slice(0, -9)).toBe('👩‍👩‍👧'.repeat(10));
});
