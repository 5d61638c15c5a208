import type { TableFrame } from '../model/table-frame.js';
import { readLandmarks } from './read-landmarks.js';

/** Takes the frames of a landmark table in order, while it is written or read, and makes something of them. Memory does not grow with the table. */
export interface TableFollower {
  /** Under which name its time is counted: `export`. */
  readonly stage: string;
  add(frame: TableFrame): Promise<void> | void;
  /** All frames were there: makes its files whole, still under `*.partial` names. */
  finish(): Promise<void>;
  /** Gives the files their final names. @returns these; a folder of files ends with a slash */
  publish(): Promise<readonly string[]>;
  /** The frames end early. What was made goes: the table can make it again. */
  abort(): Promise<void>;
}

/**
 * Reads a landmark file once, for all followers.
 * @returns their files
 * @throws BodyscriptError `INPUT_MISSING`, `TABLE_INVALID`, `OUTPUT_NOT_WRITABLE`
 */
export async function followTable(
  path: string,
  followers: readonly TableFollower[],
  signal?: AbortSignal,
): Promise<string[]> {
  try {
    for await (const frame of readLandmarks(path)) {
      signal?.throwIfAborted();
      for (const follower of followers) await follower.add(frame);
    }
    for (const follower of followers) await follower.finish();
    const written: string[] = [];
    for (const follower of followers) written.push(...(await follower.publish()));
    return written;
  } catch (error) {
    await Promise.allSettled(followers.map(follower => follower.abort()));
    throw error;
  }
}
