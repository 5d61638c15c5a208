import { existsSync } from 'node:fs';
import { stemOfSource } from '../decode/input.js';
import { BodyscriptError } from '../errors.js';
import { prepareOutputFolder } from '../system/whole-file.js';
import type { BatchRequest } from './batch.js';
import type { Docket } from './docket.js';
import { LedgerDocket } from './ledger-docket.js';
import { SingleDocket } from './single-docket.js';

/**
 * Opens the list of a command's videos.
 * @throws BodyscriptError as `openSource` does for a single video, and as `Ledger` does; `LEDGER_MISSING` only for
 * several, since a single one does not need it
 */
export async function openDocket(
  request: BatchRequest,
  warn: (message: string) => void,
  signal?: AbortSignal,
): Promise<Docket> {
  const { single, options } = request;
  const { isNewFolder = !existsSync(options.outputs.outDir) } = request;
  if (!single) {
    await prepareOutputFolder(options.outputs.outDir);
    return new LedgerDocket(request, signal, isNewFolder);
  }
  const { path, isStream } = single;
  // A wrong path should leave no files.
  const name = single.name ?? (await stemOfSource(path, options.source));
  if (isStream) return new SingleDocket(path, name);
  await prepareOutputFolder(options.outputs.outDir);
  try {
    return new LedgerDocket(request, signal, isNewFolder);
  } catch (error) {
    if (!(error instanceof BodyscriptError) || error.code !== 'LEDGER_MISSING') throw error;
    warn(`${error.message}; analysing this video without a ledger. ${error.remedy}`.trim());
    return new SingleDocket(path, name);
  }
}
