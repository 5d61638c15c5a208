import type { Binary } from '../system/ffmpeg-binaries.js';
import { runProgram } from '../system/run-program.js';

const TIMEOUT_MS = 60_000;

/** The number of frames that a finished MP4's index lists; undefined if the file cannot be read. */
export async function framesInMp4(path: string, ffprobe: Binary): Promise<number | undefined> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'stream=nb_frames', '-of', 'default=nw=1:nk=1'];
  const { stdout, exitCode } = await runProgram(
    ffprobe.path,
    ['-v', 'error', '-f', 'mp4', ...entries, '-i', `file:${path}`],
    TIMEOUT_MS,
  );
  const value = Number(stdout.trim());
  return exitCode === 0 && stdout.trim() !== '' && Number.isInteger(value) ? value : undefined;
}
