import { readdir, readFile, readlink } from 'node:fs/promises';

/** The open file that ffmpeg and ffprobe inherit: their command lines do not name it. */
const INHERITED = 3;

/**
 * Processes whose command line, including their inherited file, contains all these texts, except the tests' own
 * (Linux).
 */
export async function workingOn(...texts: readonly string[]): Promise<number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const known = await Promise.all(pids.map(reportedOf));
  return pids.filter((_, i) => texts.every(text => known[i]?.includes(text))).map(Number);
}

async function reportedOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
  if (line.includes('vitest')) return '';
  return /ff(mpeg|probe)/.test(line)
    ? `${line}\n${await readlink(`/proc/${pid}/fd/${INHERITED}`).catch(() => '')}`
    : line;
}

/** All processes that a process has started, and those that they have started (Linux). */
export async function descendantsOf(pid: number): Promise<{ readonly pid: number; readonly name: string }[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const all = await Promise.all(
    pids.map(async id => {
      const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
      const [, name = '', rest = ''] = /\((.*)\) (.*)/.exec(text) ?? [];
      return { pid: Number(id), name, parent: Number(rest.split(' ')[1]) };
    }),
  );
  const below = (parent: number): typeof all =>
    all.filter(one => one.parent === parent).flatMap(one => [one, ...below(one.pid)]);
  return below(pid);
}
