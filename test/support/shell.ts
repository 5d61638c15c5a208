import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PACKAGED_FFMPEG, SYSTEM_FFMPEG } from './ffmpeg.js';

const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));

export interface ShellResult {
  /** Exit code of each program in the last pipe. */
  readonly codes: readonly number[];
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the start to the first byte on stdout. */
  readonly firstByteAfter: number | undefined;
  readonly milliseconds: number;
}

/** Runs a line of bash in which `bodyscript` is the built command line and `ffmpeg` is available. */
export async function runShell(line: string, cwd?: string): Promise<ShellResult> {
  const script = [
    `bodyscript() { "${process.execPath}" "${BIN}" "$@"; }`,
    `ffmpeg() { "${SYSTEM_FFMPEG ?? PACKAGED_FFMPEG}" "$@"; }`,
    line,
    'echo "\x24{PIPESTATUS[*]}" >&3',
  ].join('\n');
  const start = performance.now();
  const child = spawn('bash', ['-c', script], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const texts = ['', '', '', ''];
  let firstByteAfter: number | undefined;
  for (const at of [1, 2, 3]) {
    (child.stdio[at] as NodeJS.ReadableStream).on('data', text => {
      if (at === 1) firstByteAfter ??= performance.now() - start;
      texts[at] += text;
    });
  }
  await new Promise(resolve => child.on('close', resolve));
  return {
    codes: (texts[3] ?? '').trim().split(' ').map(Number),
    stdout: texts[1] ?? '',
    stderr: texts[2] ?? '',
    firstByteAfter,
    milliseconds: performance.now() - start,
  };
}
