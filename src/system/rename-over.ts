import { rename } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { systemErrorCode } from '../errors.js';

/** What Windows says of a file that another program has open. */
const HELD_CODES: readonly (string | undefined)[] = ['EPERM', 'EACCES', 'EBUSY'];
/** Waits between attempts: virus scanners and indexers let go of a new file within a second or two. */
const WAITS_MS = [20, 50, 100, 250, 500, 1000, 1000];

/** What `renameOver` needs of the system; other ones for tests. */
export interface Renaming {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly wait: (ms: number) => Promise<unknown>;
}

const SYSTEM: Renaming = { platform: process.platform, rename, wait: ms => delay(ms) };

/**
 * Renames a file or a folder; a file of the new name is replaced. On Windows, where nobody can rename what another
 * program has open, it tries for three seconds.
 * @throws the system's own error
 */
export async function renameOver(from: string, to: string, system: Renaming = SYSTEM): Promise<void> {
  const waits = system.platform === 'win32' ? WAITS_MS : [];
  for (const ms of waits) {
    try {
      return await system.rename(from, to);
    } catch (error) {
      if (!HELD_CODES.includes(systemErrorCode(error))) throw error;
    }
    await system.wait(ms);
  }
  await system.rename(from, to);
}

/** Whether an error says that Windows did not rename what another program has open. */
export function isHeldOpen(error: unknown, platform: NodeJS.Platform = process.platform): boolean {
  const isRename = (error as NodeJS.ErrnoException | undefined)?.syscall === 'rename';
  return platform === 'win32' && isRename && HELD_CODES.includes(systemErrorCode(error));
}
