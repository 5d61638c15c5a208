import type { OutputFile } from './output.js';

/** The path of an output's only file, or of its first one. @throws RangeError if it was requested and has none */
export function firstPath([file]: readonly OutputFile[]): string {
  if (!file) throw new RangeError('an output without a file was opened');
  return file.path;
}
