import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { VideoSource } from '../decode/input.js';
import { systemErrorCode } from '../errors.js';
import type { RunRecord } from '../model/run-record.js';
import type { PlannedOutput } from '../outputs/planned-outputs.js';
import type { Taken } from '../system/claim-outputs.js';
import { looksOwn } from '../system/looks-own.js';
import { partialPath } from '../system/whole-file.js';

/** Ownership of existing files at the paths where a run is to write. */
export interface OutputOwner {
  /** Whether an earlier run of the same video wrote a file, or may have. */
  isOwn(path: string): boolean | Promise<boolean>;
  /** The record of an earlier run. */
  readonly record: string | undefined;
  /** Path of its video at that time. */
  readonly video: string | undefined;
  /** Why the record gives no answer although it exists. */
  readonly damage: string | undefined;
}

type RecordedRun = Pick<RunRecord, 'input' | 'outputs'>;

/** Where a run would write. */
interface Place {
  /** Base path of files named after the video, without suffix. */
  readonly stem: string;
  readonly record: string | undefined;
}

/** Undefined if there is no record; a text if it is not credible. */
async function readOwner(recordPath: string): Promise<RecordedRun | string | undefined> {
  try {
    await stat(recordPath); // Most runs find none, and need not load its validation.
    const { readRunRecord } = await import('../formats/read-run-record.js');
    return await readRunRecord(recordPath);
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? undefined : (error as Error).message;
  }
}

const NOBODY: OutputOwner = { isOwn: () => false, record: undefined, video: undefined, damage: undefined };

/**
 * Files that an earlier run of the same video may have written: those named like outputs beside its record, and files
 * elsewhere that the record names. Videos from stdin may differ each time.
 */
export async function findOwner({ stem, record }: Place, source: VideoSource): Promise<OutputOwner> {
  if (record === undefined || source.pipe) return NOBODY;
  // A run that died between two renames leaves outputs beside an unfinished record.
  const found = await Promise.all([record, partialPath(record)].map(readOwner));
  const readable = found.filter(owner => typeof owner === 'object');
  const own: RecordedRun[] = [];
  for (const owner of readable) if (await isOfVideo(owner, source)) own.push(owner);
  const named = new Set(own.flatMap(({ outputs }) => outputs).map(output => resolve(String(output))));
  const isBeside = (path: string) =>
    resolve(dirname(path)) === resolve(dirname(stem)) && basename(path).startsWith(`${basename(stem)}.`);
  // A record is untrusted: elsewhere, the files that it names must look like such outputs as well.
  const isNamed = (path: string) => named.has(resolve(path)) || named.has(resolve(partialPath(path)));
  return {
    isOwn: path => own.length > 0 && (isBeside(path) || (isNamed(path) && looksOwn(path))),
    record,
    video: readable[0]?.input.path,
    damage: found.find(owner => typeof owner === 'string'),
  };
}

/** By path or, since a record holds the path as the user gave it in their working folder of that time, by content. */
async function isOfVideo({ input }: RecordedRun, source: VideoSource): Promise<boolean> {
  if (resolve(input.path) === resolve(source.path)) return true;
  if (input.bytes !== source.bytes || input.sha256 === null) return false;
  return (await source.sha256()) === input.sha256;
}

/** Why a run does not replace a file, and the remedy: depending on who chose its name, and on its known origin. */
export function takenBy(
  path: string,
  { record, video, damage }: OutputOwner,
  source: VideoSource,
  outputs: readonly PlannedOutput[],
): Taken {
  const option = outputs.flatMap(({ files }) => files).find(file => file.path === path)?.option;
  if (option !== undefined) {
    return {
      says: 'already exists',
      remedy: `Choose another name for --${option}, or replace it with --overwrite.`,
    };
  }
  const elsewhere = 'choose another folder with --out';
  if (source.pipe) {
    return {
      says: 'already exists, and may belong to another video: a video from stdin has no name',
      remedy: 'Name the results with --name OTHER, or replace them with --overwrite.',
    };
  }
  if (damage !== undefined) {
    return {
      says: `already exists, and its run record cannot be used to tell which video it belongs to (${damage})`,
      remedy: `Replace both with --overwrite, move them away, or ${elsewhere}.`,
    };
  }
  const remedy = `Replace it with --overwrite, or ${elsewhere}.`;
  if (record === undefined) return { says: 'already exists, and no run record says which video it belongs to', remedy };
  const whose = video === undefined ? '' : `: ${record} names ${video}`;
  return { says: `already exists, and is not from an earlier run of ${source.path}${whose}`, remedy };
}
