import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Open descriptors of this process (Linux): files below some folders by name, and the number of pipes and sockets. */
export function openDescriptors(...folders: readonly string[]): string[] {
  return readdirSync('/proc/self/fd')
    .map(name => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`);
      } catch {
        return ''; // The list's own.
      }
    })
    .filter(target => /^(pipe|socket):/.test(target) || folders.some(folder => target.startsWith(folder)))
    .map(target => target.replace(/^(pipe|socket):.*/, '$1'))
    .sort();
}

/** Command lines of this process's children that still run (Linux). */
export function runningChildren(): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => parentOf(pid) === process.pid)
    .map(pid => readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
    .filter(line => /ff(mpeg|probe)/.test(line));
}

/** The name of a program may hold spaces and brackets; what follows the last one does not. */
function parentOf(pid: string): number {
  return Number(readText(`/proc/${pid}/stat`).replace(/^.*\)/s, '').trim().split(' ')[1]);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // It has ended meanwhile.
  }
}
