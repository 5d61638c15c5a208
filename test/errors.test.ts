import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../src/error-codes.js';
import { BodyscriptError, EXIT_CODES, fromPlainError, systemMeaning, toPlainError, UsageError } from '../src/errors.js';

describe('an error', () => {
  test.each(Object.entries(ERROR_CODES))('%s has a meaning and a remedy in whole sentences', (code, facts) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(facts.meaning).toMatch(/^\S.{8,}[^.]$/);
    expect(facts.remedy).toMatch(/^[A-Z].{8,}\.$/);
  });

  test('without a remedy of its own has that of its code', () => {
    expect(new BodyscriptError('INPUT_EMPTY', 'x').remedy).toBe(ERROR_CODES.INPUT_EMPTY.remedy);
    expect(new BodyscriptError('INPUT_EMPTY', 'x', { remedy: '' }).remedy).toBe(ERROR_CODES.INPUT_EMPTY.remedy);
    expect(new UsageError('x')).toMatchObject({ remedy: ERROR_CODES.USAGE.remedy, exitCode: EXIT_CODES.usage });
    expect(new UsageError('x', 'Do y.').remedy).toBe('Do y.');
  });

  test('keeps its remedy on the way out of a thread or process', () => {
    const error = new BodyscriptError('STALLED', 'x', { remedy: 'Wait.' });
    expect(fromPlainError(structuredClone(toPlainError(error)))).toMatchObject({ code: 'STALLED', remedy: 'Wait.' });
  });

  test('of the system has a meaning in words', () => {
    expect(systemMeaning(Object.assign(new Error('x'), { code: 'EACCES' }))).toBe('permission denied');
    expect(systemMeaning(Object.assign(new Error('x'), { code: 'EINVAL' }))).toBeUndefined();
    expect(systemMeaning(new Error('x'))).toBeUndefined();
  });
});
