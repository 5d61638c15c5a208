import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { fullTest } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = await temporaryFolder();
const MINUTES = 60_000;
/** Of which 7 MB are the person finder. */
const LARGEST_PACKAGE_BYTES = 8_300_000;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

fullTest(
  'the packed tarball holds what it needs and no more, installs in an empty folder, and runs by npx',
  async () => {
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
    });
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, Packed>);
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(
      expect.arrayContaining([
        'bin/bodyscript.js',
        'dist/index.d.ts',
        'dist/schemas/frame.schema.json',
        'dist/engine/native/models/person_finder.onnx',
        'dist/cli/completion/catalogue.json',
        'dist/cli/completion/shells/bodyscript.bash',
        'dist/demo/wave.mp4',
        'NOTICE',
        'samples/overlay.jpg',
        'src/help/csv.md',
      ]),
    );
    expect(
      paths.filter(
        path =>
          !/^(bin|dist|src\/help)\/|^(package\.json|CITATION\.cff|(README|CHANGELOG|CONTRIBUTING)\.md|LICENSE|NOTICE|samples\/overlay\.jpg)$/.test(
            path,
          ),
      ),
    ).toEqual([]);
    expect(packed?.size).toBeLessThan(LARGEST_PACKAGE_BYTES);
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await writeFile(join(empty, 'package.json'), '{}');
    const options = { cwd: empty, env: { ...process.env, npm_config_update_notifier: 'false' } };
    // No dependency needs its install script.
    const install = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    await run('npm', [...install, join(folder, packed?.filename ?? '')], options);
    const table = await run(
      'npx',
      [
        '--no-install',
        'bodyscript',
        'analyze',
        join(SAMPLES, 'wave.mp4'),
        '--csv',
        '-',
        '--max-frames',
        '2',
        '--engine',
        'native',
      ],
      options,
    );
    expect(table.stdout.split('\n')).toHaveLength(1 + 2 * 33 + 1);
    const demo = await run('npx', ['--no-install', 'bodyscript', 'demo'], options);
    expect(demo.stdout).toMatch(
      /bodyscript-demo\/wave\.csv[\s\S]*wave\.report\.html[\s\S]*npx bodyscript my-video\.mp4/,
    );
    const tab = await run('npx', ['--no-install', 'bodyscript', 'complete', '--', 'comp'], options);
    expect(tab.stdout).toMatch(/^compare\t/);
    const help = await run('npx', ['--no-install', 'bodyscript', 'help', 'csv'], options);
    expect(help.stdout).toContain('landmark_name');
    const library =
      "import { analyzeVideo, readLandmarks, openEngine } from 'bodyscript'; console.log(typeof analyzeVideo, typeof readLandmarks, typeof openEngine)";
    const imported = await run(process.execPath, ['--input-type=module', '-e', library], options);
    expect(imported.stdout).toBe('function function function\n');
  },
  5 * MINUTES,
);
