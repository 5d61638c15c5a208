import { lstat } from 'node:fs/promises';
import { isSequencePattern } from '../../decode/sequence.js';
import { systemErrorCode } from '../../errors.js';
import { systemPath } from '../../system/byte-names.js';

/** Whether an input of this machine does not exist. A pattern of numbered pictures is judged by its analysis. */
export async function isAbsentInput(path: string): Promise<boolean> {
  if (isSequencePattern(path)) return false;
  return lstat(systemPath(path)).then(
    () => false,
    error => systemErrorCode(error) === 'ENOENT',
  );
}
