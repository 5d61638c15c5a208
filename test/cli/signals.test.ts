import { afterEach, describe, expect, test, vi } from 'vitest';
import { SignalWatch } from '../../src/cli/signals.js';
import { InterruptedError } from '../../src/errors.js';

afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
  ['SIGBREAK', 143],
] as const)('%s', (signal, exitCode) => {
  test('asks the run to end, and a second one ends everything at once', () => {
    vi.useFakeTimers();
    const codes: number[] = [];
    using watch = new SignalWatch(code => codes.push(code));
    process.emit(signal, signal);
    expect(watch.signal.reason).toBeInstanceOf(InterruptedError);
    expect((watch.signal.reason as InterruptedError).exitCode).toBe(exitCode);
    expect(codes).toEqual([]);
    process.emit(signal, signal);
    expect(codes).toEqual([exitCode]);
  });

  test('ends everything after some seconds, where the run does not end', () => {
    vi.useFakeTimers();
    const codes: number[] = [];
    using _ = new SignalWatch(code => codes.push(code));
    process.emit(signal, signal);
    vi.advanceTimersByTime(5000);
    expect(codes).toEqual([exitCode]);
  });

  test("is nobody's any more once the watch is disposed", () => {
    const before = process.listenerCount(signal);
    {
      using _ = new SignalWatch(() => {});
      expect(process.listenerCount(signal)).toBe(before + 1);
    }
    expect(process.listenerCount(signal)).toBe(before);
  });
});
