import { isFfmpegNamed } from '../system/ffmpeg-binaries.js';
import { runProgram } from '../system/run-program.js';

const TIMEOUT_MS = 15_000;
const INSTALL =
  'apt-get install ffmpeg, brew install ffmpeg or winget install ffmpeg; or npm install --include=optional';

/** An ffmpeg and an ffprobe that the user named, and what ends the checks. */
export interface NamedFfmpeg {
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
  readonly signal?: AbortSignal;
}

/** What ffmpeg writes to stdout. @throws Error with its own words if it fails */
export async function outputOf(
  path: string,
  args: readonly string[],
  abort: AbortSignal | undefined,
  options: Parameters<typeof runProgram>[3] = {},
): Promise<string> {
  const { stdout, stderr, exitCode, timedOut } = await runProgram(path, args, TIMEOUT_MS, { ...options, abort });
  abort?.throwIfAborted();
  if (timedOut) throw new Error(`ffmpeg does not answer within ${TIMEOUT_MS / 1000} s`);
  const [said = ''] = stderr.trim().split('\n', 1);
  if (exitCode !== 0)
    throw new Error(`ffmpeg fails (exit code ${exitCode ?? 'none'})${said === '' ? '' : `: ${said}`}`);
  return stdout;
}

/** How to get a working ffmpeg. If the user named one, installing another does not help. */
export function installFor(named: NamedFfmpeg): string {
  return isFfmpegNamed(named)
    ? 'give the path of another with --ffmpeg, or leave it out to use the one on PATH'
    : INSTALL;
}
