import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { LiveLines } from '../../src/cli/live-lines.js';

class FakeScreen extends EventEmitter {
  columns = 40;
  rows = 5;
  written = '';

  write(text: string): void {
    this.written += text;
  }
}

const listeners = () => ['exit', 'SIGTSTP', 'SIGCONT'].map(name => process.listenerCount(name));

describe('lines that change in place', () => {
  test('leave no listener behind, nor the terminal without its wrapping', () => {
    const screen = new FakeScreen();
    const before = listeners();
    const lines = new LiveLines(screen);
    for (let i = 0; i < 20; i++) lines.show([`${i}`, 'b']);
    lines.print(() => screen.write('said\n'));
    lines.close();
    lines.close();
    expect([listeners(), screen.listenerCount('resize')]).toEqual([before, 0]);
    expect(screen.written.lastIndexOf('\u001b[?7h')).toBeGreaterThan(screen.written.lastIndexOf('\u001b[?7l'));
  });

  test('each write ends with the cursor on the first line, so that nothing has to be counted later', () => {
    const screen = new FakeScreen();
    const lines = new LiveLines(screen);
    lines.show(['a', 'b', 'c']);
    expect(screen.written).toContain('a\r\nb\r\nc\u001b[2A\r');
    lines.close();
  });

  test('are no more than the terminal has rows, less one for the line of what is said', () => {
    const screen = new FakeScreen();
    screen.rows = 3;
    const lines = new LiveLines(screen);
    lines.show(['a', 'b', 'c', 'd']);
    expect(screen.written).toContain('a\r\nb\u001b[1A');
    expect(screen.written).not.toContain('c');
    lines.close();
  });

  test('what is said while none are shown is only said', () => {
    const screen = new FakeScreen();
    new LiveLines(screen).print(() => screen.write('said\n'));
    expect(screen.written).toBe('said\n');
  });
});
