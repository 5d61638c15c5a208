import { describe, expect, test } from 'vitest';
import { runCli } from '../support/run-cli.js';

/** Pretends that this is another release of Node. */
function asNode(version: string): readonly string[] {
  const code = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

describe('a release of Node that is too old', () => {
  test('gets one line that names the oldest one, whatever was asked', async () => {
    for (const args of [['walk.mp4'], ['doctor'], ['--version']]) {
      const { code, stdout, stderr } = await runCli(args, { node: asNode('18.20.4') });
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe('error: Node 18.20.4 is too old. Install Node 20.19 or newer (https://nodejs.org).\n');
    }
  });

  test('is tried if only the release within its line is older', async () => {
    expect((await runCli(['--version'], { node: asNode('20.11.0') })).code).toBe(0);
  });
});
