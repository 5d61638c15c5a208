import { existsSync } from 'node:fs';
import type { MergedCounts } from '../batch/batch-report.js';
import { Database } from '../batch/ledger/database.js';
import { listJobs, mergeLedgers, shardLedgers } from '../batch/ledger/housekeeping.js';
import { ledgerPath } from '../batch/ledger/ledger.js';
import { planPath } from '../batch/plan/plan-file.js';
import { UsageError } from '../errors.js';
import { isBucketAddress } from '../storage/address.js';
import { counted } from '../text/counted.js';
import type { CliContext } from './context.js';

/** Reports the work done, except with `--quiet`. */
export type Report = (line: string) => void;

/** Makes a ledger from run records. @throws UsageError where the folder does not exist */
export async function rebuild({ out }: { readonly out: string }, { log }: CliContext, report: Report): Promise<void> {
  const { rebuildLedger } = await import('../batch/ledger/rebuild.js');
  if (!existsSync(out)) throw new UsageError(`${out}: no such folder`, 'Give the results folder with --out.');
  using db = new Database(ledgerPath(out));
  const { done, failed, known, passedOver } = await rebuildLedger(db, out);
  for (const reason of passedOver) log.warn(reason);
  report(
    `${ledgerPath(out)}: ${done} done, ${failed} failed, ${known} already in the ledger, ${passedOver.length} not readable`,
  );
}

/** Makes one ledger and one report of those of parts. @throws UsageError where nothing can be merged */
export async function merge(
  ledgers: readonly string[],
  { out, overwrite = false }: { readonly out: string; readonly overwrite?: boolean },
  { log }: CliContext,
  report: Report,
): Promise<void> {
  const others = ledgers.length > 0 ? ledgers : shardLedgers(out);
  const { partReports, writeMergedReport } = await import('../batch/batch-report.js');
  const parts = existsSync(out) ? await partReports(out) : [];
  if (others.length === 0 && parts.length === 0 && !existsSync(planPath(out)))
    throw new UsageError(`${out} contains no plan, and no ledger of a part`, remedyForNothingToMerge(out));
  const { rebuildLedger } = await import('../batch/ledger/rebuild.js');
  const { addPlanned } = await import('../batch/plan/add-planned.js');
  using db = new Database(ledgerPath(out));
  const videos = mergeLedgers(db, others);
  // Of parts that ran with --no-ledger.
  const { done, failed, passedOver } = await rebuildLedger(db, out);
  for (const reason of passedOver) log.warn(reason);
  const planned = await addPlanned(db, out);
  const { path, counts } = await writeMergedReport(
    out,
    listJobs(db, []),
    planned ?? (others.length || parts.length),
    overwrite,
  );
  const fromRecords = counted(done + failed, 'video');
  if (others.length > 0)
    report(`${ledgerPath(out)}: ${counted(videos, 'video')} merged from ${counted(others.length, 'ledger')}`);
  if (others.length === 0 || done + failed > 0)
    report(`${ledgerPath(out)}: ${fromRecords} added from run records (${done} done, ${failed} failed)`);
  report(`${path}: ${countsText(counts)}${partsText(parts)}`);
  if (planned !== undefined) await reportUnjoined(db, out, log);
}

/** What to run for the videos in segments that no part has joined. */
async function reportUnjoined(db: Database, out: string, log: CliContext['log']): Promise<void> {
  const { unjoinedVideos } = await import('../batch/plan/unjoined.js');
  const command = (part: number) => `bodyscript analyze --plan ${JSON.stringify(out)} --part ${part}`;
  for (const { path, segments, stored, openParts, firstPart } of await unjoinedVideos(db, out)) {
    const [open] = openParts;
    log.warn(
      open === undefined
        ? `${path}: no part has joined its ${counted(segments, 'segment')}; run: ${command(firstPart)}`
        : `${path}: ${segments - stored} of ${counted(segments, 'segment')} are missing, of ${partList(openParts)}; run: ${command(open)}`,
    );
  }
}

function partList(parts: readonly number[]): string {
  return `${parts.length === 1 ? 'part' : 'parts'} ${parts.join(', ')}`;
}

function remedyForNothingToMerge(out: string): string {
  return isBucketAddress(out)
    ? `Copy the results to a folder first: aws s3 sync ${out} results`
    : 'Give the results folder with --out, or the ledgers: bodyscript jobs merge LEDGER...';
}

/** `83 videos: 27 done, 1 failed, 55 not run`. */
function countsText({ videos, done, failed, interrupted, waiting, notRun }: MergedCounts): string {
  const parts = [
    `${done} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ];
  return `${counted(videos, 'video')}: ${parts.join(', ')}`;
}

/** Which reports of parts stay beside a merged one. */
function partsText(parts: readonly string[]): string {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined) return '';
  if (parts.length === 1) return ` (${first} stays)`;
  return ` (${first} to ${last} stay: ${counted(parts.length, 'report')})`;
}
