import { randomBytes } from 'node:crypto';
import { constants, readFileSync, unlinkSync } from 'node:fs';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BodyscriptError, systemErrorCode } from '../errors.js';
import { sha256 } from './file-hash.js';
import { folderTime } from './folder-clock.js';
import { createOwn, reopenOwn, temporaryBeside } from './own-file.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';
import { renameOver } from './rename-over.js';
import { outputError } from './whole-file.js';

/** Interval at which a holder touches its lock, for holders whose process cannot be checked from here. */
const BEAT_MS = 5000;
/**
 * A holder that has not done so for this long, as observed, is gone. Shorter than a ledger's lease, so that a process
 * that takes over a video finds its lock free.
 */
const SILENT_MS = 20_000;
/** The same by the time of its last touch, which counts without waiting. */
const LONG_SILENT_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** Maximum size of a lock. */
const MOST_BYTES = 4096;
/** Longer names leave no room for a lock's additions. */
const LONG_NAME_BYTES = 200;

/** The holder of a lock, as recorded in it. */
interface Holder {
  /** Distinguishes two locks of one process. */
  readonly token: string;
  readonly process: ProcessIdentity;
}

interface Found {
  /** Undefined while it is being written, or if it was not written in time. */
  readonly holder: Holder | undefined;
  readonly touchedMs: number;
}

/**
 * The path of an output's lock: beside it, so that every process that can write the output sees it; hidden, and named
 * like leftovers of an ended run.
 */
export function lockPath(output: string): string {
  const name = basename(output);
  const short = Buffer.byteLength(name) > LONG_NAME_BYTES ? `bodyscript-${sha256(name).slice(0, 32)}` : name;
  return join(dirname(output), `.${short}.lock.partial`);
}

const held = new Set<OutputLock>();
let beating: NodeJS.Timeout | undefined;

function removeAll(): void {
  for (const lock of held) lock.removeNow();
}

/**
 * Prevents other runs from writing an output: an exclusively created file that names its holder. The lock of an ended
 * process is taken over; of two processes that try at once, one succeeds.
 */
export class OutputLock implements AsyncDisposable {
  readonly path: string;
  /** Whether a run that died held it, and so may have left an unfinished file. */
  tookOver = false;
  /** Whether that run was only silent for long, as a machine that sleeps: it may wake up and write. */
  mayWake = false;
  readonly #content: string;
  readonly #output: string;
  readonly #onLost: (error: BodyscriptError) => void;

  private constructor(content: string, output: string, onLost: (error: BodyscriptError) => void) {
    this.path = lockPath(output);
    this.#content = content;
    this.#output = output;
    this.#onLost = onLost;
  }

  /**
   * @param output final name of the file
   * @param onLost called if another run has taken the lock over, as happens while this machine sleeps
   * @throws BodyscriptError `OUTPUT_BUSY` if another run writes it, `OUTPUT_TAKEN` if another kind of file has the
   * lock's name
   */
  static async take(output: string, onLost: (error: BodyscriptError) => void = () => {}): Promise<OutputLock> {
    const holder: Holder = { token: randomBytes(8).toString('hex'), process: identifyProcess() as ProcessIdentity };
    const lock = new OutputLock(JSON.stringify(holder), output, onLost);
    try {
      await lock.#acquire(lock.path, output);
    } catch (cause) {
      throw outputError(output, cause);
    }
    if (held.size === 0) {
      process.on('exit', removeAll);
      beating = setInterval(() => void touchAll(), BEAT_MS).unref();
    }
    held.add(lock);
    return lock;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!held.delete(this)) return;
    if (held.size === 0) {
      process.off('exit', removeAll);
      clearInterval(beating);
    }
    // Another run may have taken it over while this one slept.
    if (await this.#isOurs()) await rm(this.path, { force: true }).catch(() => {}); // This blocks no one.
  }

  /**
   * Checks that no other run has taken the lock over.
   * @throws BodyscriptError `OUTPUT_BUSY`
   */
  async check(): Promise<void> {
    if (!(await this.#isOurs())) throw lost(this.#output);
  }

  /** Shows other runs that this one is alive. */
  async touch(): Promise<void> {
    if (!(await this.#isOurs())) this.#onLost(lost(this.#output));
    else await this.#rewrite().catch(() => {});
  }

  /** For the end of the process, which waits for nothing. */
  removeNow(): void {
    try {
      if (readFileSync(this.path, 'utf8') === this.#content) unlinkSync(this.path);
    } catch {} // It is gone, or its folder is.
  }

  /**
   * Writes the same bytes again, so that the file system stamps the file with its own clock: this machine's may differ
   * from those of the others. The file is the one that was read: never that of a run which takes the lock over now.
   */
  async #rewrite(): Promise<void> {
    const handle = await reopenOwn(this.path, 'anywhere');
    try {
      if ((await handle.readFile('utf8')) !== this.#content) return;
      await handle.write(this.#content, 0);
    } catch {
      // A full disk: by this machine's clock, which agrees with the others' in most networks.
      await handle.utimes(new Date(), new Date());
    } finally {
      await handle.close();
    }
  }

  /** A file that cannot be read at the moment counts as unchanged. */
  async #isOurs(): Promise<boolean> {
    const read = readFile(this.path, 'utf8').then(
      text => text === this.#content,
      error => systemErrorCode(error) !== 'ENOENT',
    );
    return read;
  }

  async #acquire(path: string, output: string): Promise<void> {
    for (;;) {
      if (await this.#create(path)) return;
      const dead = await watch(path, output);
      if (!dead) continue; // It has been released meanwhile.
      if (await this.#replace(path, dead, output)) {
        this.tookOver ||= path === this.path;
        this.mayWake ||= path === this.path && !hasEnded(dead);
        return;
      }
    }
  }

  /** @returns false if another process holds it */
  async #create(path: string): Promise<boolean> {
    let handle: FileHandle;
    try {
      handle = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o666);
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') return false;
      throw error;
    }
    try {
      await handle.writeFile(this.#content).finally(() => handle.close());
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return true;
  }

  /**
   * Takes the place of a dead holder. The process that does so holds the lock of *that* lock, and checks again: between
   * the check and the rename no other process can have taken it over. A process that dies in between leaves an ordinary
   * lock.
   */
  async #replace(path: string, dead: Found, output: string): Promise<boolean> {
    // By name within the folder only: other processes may have reached the folder by another path.
    const id = sha256(`${basename(path)} ${nameOf(dead)}`).slice(0, 32);
    const inner = join(dirname(path), `.bodyscript-${id}.lock.partial`);
    await this.#acquire(inner, output);
    try {
      const now = await readLock(path);
      if (!now || nameOf(now) !== nameOf(dead)) return false;
      const temporary = temporaryBeside(path);
      try {
        const handle = await createOwn(temporary);
        await handle.writeFile(this.#content).finally(() => handle.close());
        await renameOver(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      return true;
    } finally {
      await rm(inner, { force: true });
    }
  }
}

/**
 * Whether another run is writing an output now, as far as its lock shows. One that cannot be looked at from here, as on
 * another machine, counts for as long as it touches its lock.
 */
export async function isBeingWritten(output: string): Promise<boolean> {
  return (await holderOfLock(output)) !== undefined;
}

/** The process that `isBeingWritten` finds; undefined if no run writes the output. */
export async function holderOfLock(output: string): Promise<ProcessIdentity | undefined> {
  const found = await readLock(lockPath(output)).catch(() => undefined);
  if (!found?.holder) return undefined;
  const { process: holder } = found.holder;
  const runs = isRunning(holder) ?? Math.abs((await folderTime(output)) - found.touchedMs) < SILENT_MS;
  return runs ? holder : undefined;
}

/** Whether a holder has certainly ended, and has not only been silent. */
const hasEnded = ({ holder }: Found) => holder !== undefined && isRunning(holder.process) === false;

const nameOf = ({ holder, touchedMs }: Found) => holder?.token ?? `unnamed ${touchedMs}`;

/**
 * Waits until the state of a lock's holder is known.
 * @returns the dead holder; undefined if the lock is gone
 * @throws BodyscriptError `OUTPUT_BUSY` if it is alive
 */
async function watch(path: string, output: string): Promise<Found | undefined> {
  const first = await readLock(path);
  const since = performance.now();
  let beganThere: number | undefined;
  for (let found = first; found; found = await readLock(path)) {
    const runs = found.holder && isRunning(found.holder.process);
    const hasMoved = nameOf(found) !== nameOf(first as Found) || found.touchedMs !== first?.touchedMs;
    if (runs === true || (runs === undefined && found.holder && hasMoved)) throw busy(path, output, found.holder);
    if (runs === false) return found;
    beganThere ??= (await folderTime(path)) - (performance.now() - since);
    const waited = performance.now() - since;
    if (waited > SILENT_MS || beganThere + waited - found.touchedMs > LONG_SILENT_MS) return found;
    await delay(LOOK_EVERY_MS);
  }
  return undefined;
}

function busy(path: string, output: string, holder: Holder | undefined): BodyscriptError {
  const { pid, host } = holder?.process ?? {};
  const isHere = holder !== undefined && isRunning(holder.process) === true;
  return new BodyscriptError(
    'OUTPUT_BUSY',
    `${output}: is being written by another run (process ${pid}${isHere ? '' : ` on ${host}`})`,
    { remedy: `Wait until it has ended, or choose another name. (Lock file: ${path})` },
  );
}

function lost(output: string): BodyscriptError {
  return new BodyscriptError('OUTPUT_BUSY', `${output}: another run took it over while this one did not respond`, {
    remedy: 'Run the same command again; it takes the result of the other run.',
  });
}

/** Undefined if there is no lock. @throws BodyscriptError `OUTPUT_TAKEN` if another kind of file has the name */
async function readLock(path: string): Promise<Found | undefined> {
  let handle: FileHandle;
  try {
    handle = await reopenOwn(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { mtimeMs, size } = await handle.stat();
    const text = size > MOST_BYTES ? '' : await handle.readFile('utf8');
    return { holder: holderOf(text), touchedMs: mtimeMs };
  } finally {
    await handle.close();
  }
}

function holderOf(text: string): Holder | undefined {
  try {
    const { token, process: identity } = JSON.parse(text) as Partial<Holder>;
    const isWhole =
      typeof token === 'string' &&
      typeof identity?.host === 'string' &&
      Number.isInteger(identity.pid) &&
      identity.pid > 0;
    return isWhole ? { token, process: identity } : undefined;
  } catch {
    return undefined;
  }
}

async function touchAll(): Promise<void> {
  for (const lock of held) await lock.touch();
}
