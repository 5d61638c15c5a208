import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import type { RunRecord } from '../model/run-record.js';

/**
 * The paths at which the video of a record may be. The record names it relative to the working folder of its run, which
 * later runs need not share; relative to the record's own folder the path is the same for all of them.
 * @param path of the record
 */
export function recordedVideos(path: string, { input, outputs }: Pick<RunRecord, 'input' | 'outputs'>): string[] {
  const here = resolve(input.path);
  const itself = outputs.map(String).find(output => basename(output) === basename(path));
  if (itself === undefined || isAbsolute(itself) || isAbsolute(input.path)) return [here];
  return [resolve(dirname(path), relative(dirname(itself), input.path)), here];
}
