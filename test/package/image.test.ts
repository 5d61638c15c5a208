import { execFile, spawnSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/reference-clips.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** As root on a Linux that allows mounting, like Docker. */
const CAN_MOUNT =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'setpriv', '--reuid', '10001', 'true']).status === 0;

const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
const folder = await temporaryFolder();
const cache = join(folder, 'cache');
const data = join(folder, 'data');

/** Runs the Dockerfile's own command that fills the cache, as root, with our program instead of the installed one. */
async function makeCache(): Promise<void> {
  const command = /^RUN (mkdir "\$BODYSCRIPT_CACHE" .*)$/m.exec(dockerfile)?.[1];
  const program = `bodyscript() { "${process.execPath}" "${join(ROOT, 'bin/bodyscript.js')}" "$@"; }`;
  const env = { ...process.env, BODYSCRIPT_CACHE: cache };
  await run('bash', ['-euc', `umask 022; ${program}; ${command}`], { env });
}

/**
 * Runs the program like a container with `--read-only --user USER -v data:/data`: the whole file system read-only, no
 * privileges, no home; results can be written only to the data folder. The program is at /srv, the cache at /media,
 * data at /mnt: folders that exist on every Linux.
 */
async function inContainer(user: number, args: readonly string[]): Promise<{ code: number; output: string }> {
  const root = join(folder, 'root');
  const steps = `
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    mount --make-rprivate /
    mount --bind / "$1" && mount -o remount,bind,ro "$1"
    mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev"
    mount -t tmpfs -o ro none "$1/tmp"
    mount --bind "$2" "$1/srv" && mount -o remount,bind,ro "$1/srv"
    mount --bind "$3" "$1/media" && mount -o remount,bind,ro "$1/media"
    mount --bind "$4" "$1/mnt"
    user=$5 node=$6
    cd "$1/mnt"
    root=$1; shift 6
    exec chroot "$root" setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \\
      env -i -C /mnt PATH=/usr/local/bin:/usr/bin:/bin HOME=/nonexistent BODYSCRIPT_CACHE=/media "$node" /srv/bin/bodyscript.js "$@"`;
  await mkdir(root, { recursive: true });
  const own = [root, ROOT, cache, data, String(user), process.execPath];
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'bash', '-euc', steps, 'bash', ...own, ...args], {
    encoding: 'utf8',
  });
  return { code: status ?? -1, output: stdout + stderr };
}

test("the image runs as its own user, and contains only its system's ffmpeg", () => {
  expect(dockerfile).toMatch(/^USER 10001:10001$/m);
  expect(dockerfile).toMatch(/useradd --uid 10001 /);
  expect(dockerfile).toMatch(/rm -rf .*@ffmpeg-installer\/linux-\* .*@ffprobe-installer\/linux-\*/);
  expect(dockerfile).not.toMatch(/777|a\+rw/);
});

describe.skipIf(!CAN_MOUNT)('as in the image', () => {
  beforeAll(async () => {
    await makeCache();
    await mkdir(data);
    await copyFile(join(SAMPLES, 'wave.mp4'), join(data, 'wave.mp4'));
    await chmod(join(data, 'wave.mp4'), 0o644);
  });

  test('the cache holds all networks, readable by all, writable only by root', async () => {
    const names = await readdir(cache);
    expect(names.filter(name => name.endsWith('.onnx'))).toHaveLength(4);
    expect(names.filter(name => name.endsWith('.task'))).toHaveLength(3);
    const mapped = await readdir(cache, { recursive: true });
    expect(mapped.filter(name => name.endsWith('graph.weights')).length).toBeGreaterThanOrEqual(4);
    for (const name of ['.', ...mapped]) {
      const stats = await stat(join(cache, name));
      expect([stats.uid, stats.mode & 0o777]).toEqual([0, stats.isDirectory() ? 0o755 : 0o644]);
    }
  });

  test('doctor accepts the cache, although it is not writable', async () => {
    const { code, output } = await inContainer(10_001, ['doctor', '-o', '/mnt']);
    expect(output).toMatch(/^ok\s+model cache\s+\/media is read-only, and holds all networks$/m);
    expect(output).toMatch(/^problem\s+results folder/m); // Before the data folder is the user's.
    expect(code).toBe(1);
  });

  test.each([10_001, 54_321])(
    'user %i analyses a video on a read-only system, with the networks of the image',
    async user => {
      await chown(data, user, user);
      const out = `results-${user}`;
      const { code, output } = await inContainer(user, ['analyze', 'wave.mp4', '-o', out, '--max-frames', '5']);
      expect(output).not.toMatch(/EROFS|read-only file system/i);
      expect(code).toBe(0);
      const files = await readdir(join(data, out));
      expect(files).toEqual(
        expect.arrayContaining(['wave.csv', 'wave.mp4'].map(name => expect.stringContaining(name.slice(0, 4)))),
      );
      expect((await stat(join(data, out, files[0]!))).uid).toBe(user);
      // No files were written beside the results.
      expect((await readdir(data)).filter(name => !name.startsWith('results-'))).toEqual(['wave.mp4']);
    },
  );
});
