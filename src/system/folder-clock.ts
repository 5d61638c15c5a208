import { rm } from 'node:fs/promises';
import { createOwn, temporaryBeside } from './own-file.js';

/**
 * The time by which a file system stamps the files of a folder: the age of a file is measured with it, since a file
 * server's clock, and those of the machines that share the folder, may differ by minutes. It creates a file there and
 * removes it again.
 * @param beside a path in the folder
 * @returns milliseconds since 1970; by this machine's clock if no file can be created
 */
export async function folderTime(beside: string): Promise<number> {
  const probe = temporaryBeside(beside);
  try {
    const handle = await createOwn(probe);
    try {
      return (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
      await rm(probe, { force: true });
    }
  } catch {
    return Date.now();
  }
}
