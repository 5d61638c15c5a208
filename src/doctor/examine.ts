import { openLedgerLibrary } from '../batch/ledger/database.js';
import { type CheckResult, checked, good } from './check.js';
import { checkEngines } from './check-engines.js';
import { checkFfmpeg } from './check-ffmpeg.js';
import { checkMachine } from './check-machine.js';

export interface ExamineOptions {
  readonly outDir: string;
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
  readonly signal?: AbortSignal;
}

/**
 * Checks the installation by trying everything that the program needs. A failure is a result.
 * @throws InterruptedError
 */
export async function examine({ outDir, ...named }: ExamineOptions): Promise<CheckResult[]> {
  const ledger = checked('ledger', 'limited', 'npm install --include=optional --ignore-scripts libsql', async () => {
    openLedgerLibrary();
    return good('libsql loads');
  });
  const machine = await checkMachine(outDir);
  const { results, picture } = await checkFfmpeg(named);
  return [...machine, ...results, await ledger, ...(await checkEngines(picture, named.signal))];
}
