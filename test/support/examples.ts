import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';

export const EXAMPLES = fileURLToPath(new URL('../../samples/examples/', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = join(ROOT, 'bin/bodyscript.js');

const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;

/**
 * An environment in which the built `bodyscript`, as `npm install -g` would put it there, and an ffmpeg are on PATH.
 *
 * @param folder gets a `bin` folder with both
 */
export async function withBodyscriptOnPath(folder: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin');
  const { ffmpeg, ffprobe } = await findFfmpeg();
  await mkdir(bin, { recursive: true });
  for (const [name, command] of [
    ['bodyscript', `${quoted(process.execPath)} ${quoted(BIN)}`],
    ['ffmpeg', quoted(ffmpeg.path)],
  ] as const) {
    await writeFile(join(bin, name), `#!/bin/sh\nexec ${command} "$@"\n`);
    await chmod(join(bin, name), 0o755);
  }
  // The Node of the tests first: the example in JavaScript, npm and npx run with it, too.
  const PATH = [bin, dirname(process.execPath), process.env.PATH].join(delimiter);
  return { ...process.env, PATH, BODYSCRIPT_FFMPEG: ffmpeg.path, BODYSCRIPT_FFPROBE: ffprobe.path };
}

/** What `npm install` of the tarball leaves for `npx bodyscript`, in a moment: a link to the built package. */
export async function linkPackage(repository: string): Promise<void> {
  const modules = join(repository, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  await symlink(ROOT, join(modules, 'bodyscript'));
  await symlink('../bodyscript/bin/bodyscript.js', join(modules, '.bin/bodyscript'));
}

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Never rejects: a program that cannot be started has code -1. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<ProgramResult> {
  return new Promise(resolve =>
    execFile(file, args, { ...options, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : -1;
      resolve({ code: error ? code : 0, stdout, stderr });
    }),
  );
}

/** Moves the left wrist of each pose in a wide table to the right by some pixels. */
export async function moveLeftWrists(path: string, pixels: number): Promise<void> {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).split('\n');
  const column = header.split(',').indexOf('left_wrist_x_px');
  const moved = lines.map(line => {
    const fields = line.split(',');
    if (fields[column]) fields[column] = String(Number(fields[column]) + pixels);
    return fields.join(',');
  });
  await writeFile(path, [header, ...moved].join('\n'));
}
