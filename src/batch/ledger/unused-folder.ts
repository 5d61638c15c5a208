import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from './database.js';

/** The ledger and SQLite's own files beside it. */
const OF_LEDGER = /^ledger[\w-]*\.sqlite(-wal|-shm)?$/;

/**
 * Closes the ledger of a results folder that this command created, and removes both if they hold nothing: a mistyped
 * option or a file that is not a video should leave no folder behind. The folder stays with any file in it, with a
 * video that is not failed, and while another command has the ledger open.
 */
export function closeUnused(database: Database, outDir: string): void {
  const isUnused = holdsNothing(database, outDir);
  database[Symbol.dispose]();
  if (!isUnused) return;
  const own = dirname(database.path);
  try {
    for (const name of readdirSync(own).filter(name => OF_LEDGER.test(name))) rmSync(join(own, name));
    for (const folder of [own, outDir]) rmdirSync(folder);
  } catch {
    // Another command has put something there meanwhile.
  }
}

function holdsNothing(database: Database, outDir: string): boolean {
  try {
    const own = dirname(database.path);
    if (readdirSync(outDir).some(name => join(outDir, name) !== own)) return false;
    if (readdirSync(own).some(name => !OF_LEDGER.test(name))) return false;
    if (database.get("SELECT 1 FROM jobs WHERE state <> 'failed' LIMIT 1")) return false;
    // SQLite leaves its shared mode only for the last connection.
    return Object.values(database.get('PRAGMA journal_mode = DELETE') ?? {})[0] === 'delete';
  } catch {
    return false;
  }
}
