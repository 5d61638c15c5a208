import { openLedgerLibrary } from '../batch/ledger/database.js';
import { type CheckResult, checked, good } from './check.js';
import { checkEngines } from './check-engines.js';
import { checkFfmpeg } from './check-ffmpeg.js';
import { checkMachine } from './check-machine.js';

export interface ExamineOptions {
  readonly outDir: string;
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
}

/** Checks the installation by trying everything that the program needs. Never throws: a failure is a result. */
export async function examine({ outDir, ...named }: ExamineOptions): Promise<CheckResult[]> {
  const ledger = checked('ledger', 'limited', 'npm install --include=optional --ignore-scripts libsql', async () => {
    openLedgerLibrary();
    return good('libsql loads');
  });
  return [...(await checkMachine(outDir)), ...(await checkFfmpeg(named)), await ledger, ...(await checkEngines(named))];
}
