import { describe, expect, test } from 'vitest';
import { splitLine } from '../../../src/cli/completion/split-line.js';

describe('a line of bash', () => {
  test.each([
    ['bodyscript ', ['bodyscript', '']],
    ['bodyscript an', ['bodyscript', 'an']],
    ['bodyscript  a.mp4   --mode=st', ['bodyscript', 'a.mp4', '--mode=st']],
    [String.raw`bodyscript my\ clip.mp4 -`, ['bodyscript', 'my clip.mp4', '-']],
    ['bodyscript "my clip', ['bodyscript', 'my clip']],
    [`bodyscript 'it is' "a \\"b\\" c"`, ['bodyscript', 'it is', 'a "b" c']],
    [String.raw`bodyscript a:b.mp4 c\:d`, ['bodyscript', 'a:b.mp4', 'c:d']],
    ['bodyscript "" ', ['bodyscript', '', '']],
    ['bodyscript a\\', ['bodyscript', 'a']],
    ["bodyscript pre'mid dle'post", ['bodyscript', 'premid dlepost']],
  ])('%j has the words that bash sees', (line, words) => {
    expect(splitLine(line).words).toEqual(words);
  });

  test.each(['> ', '>> ta', '2> ', '< ', '&> x'])('after %j comes a file', typed => {
    expect(splitLine(`bodyscript quality t.csv ${typed}`).isRedirection).toBe(true);
    expect(splitLine(`bodyscript quality ${typed}t.csv `).isRedirection).toBe(false);
  });
});
