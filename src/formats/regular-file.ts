import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { shortMessage, systemErrorCode } from '../errors.js';

/** Why a file is not read. The message has no path: the caller names the file. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  /** Whether the file does not exist. */
  readonly isMissing: boolean;

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.isMissing = systemErrorCode(cause) === 'ENOENT';
  }
}

// Opening a named pipe would wait for a writer. Windows has neither flag.
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens a file for reading that is not a folder, pipe or device. @throws UnreadableFile */
export async function openRegular(path: string | Buffer): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, WITHOUT_WAITING);
    const stats = await handle.stat();
    if (stats.isFile()) return handle;
    await handle.close();
    throw new UnreadableFile(stats.isDirectory() ? 'is a folder' : 'is not a regular file');
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw cause;
    await handle?.close().catch(() => {});
    throw new UnreadableFile(describe(cause), cause);
  }
}

function describe(cause: unknown): string {
  const code = systemErrorCode(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EISDIR') return 'is a folder';
  if (code === 'ENXIO') return 'is not a regular file';
  if (code === 'ELOOP') return 'is a symbolic link to itself';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return shortMessage(cause);
}

/** The content of a regular file. @param maxBytes larger files are rejected @throws UnreadableFile */
export async function readWhole(path: string | Buffer, maxBytes: number): Promise<Buffer> {
  const handle = await openRegular(path);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(maxBytes);
    // It may grow during reading.
    const bytes = Buffer.alloc(size + 1);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > size) throw new UnreadableFile('is being written');
    return bytes.subarray(0, length);
  } catch (cause) {
    throw cause instanceof UnreadableFile ? cause : new UnreadableFile(describe(cause), cause);
  } finally {
    await handle.close();
  }
}

function tooLarge(maxBytes: number): UnreadableFile {
  return new UnreadableFile(`is larger than ${Math.round(maxBytes / 2 ** 20)} MB`);
}
