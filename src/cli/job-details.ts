import { megabytes } from '../analyze/memory-guard.js';
import type { JobEntry } from '../batch/ledger/job.js';
import type { ProcessIdentity } from '../system/process-identity.js';
import { counted } from '../text/counted.js';
import { duration } from './durations.js';
import { localAndIso } from './local-time.js';
import { paintedState, type StyledLine } from './styled.js';

const LABEL_COLUMNS = 15;

type Row = readonly [label: string, text: string | null];

/** All facts of the ledger about one video, one per line. */
export function jobDetails(job: JobEntry): (string | StyledLine)[] {
  const { outputs, error } = job;
  const before: Row[] = [
    ['video', job.path],
    ['name', job.name],
    ['id', String(job.id)],
  ];
  const after: Row[] = [
    ['error', error && `${error.code}: ${error.message}`],
    ['remedy', error?.remedy ?? null],
    ['frames', framesText(job)],
    ['took', job.wallSeconds === null ? null : duration(job.wallSeconds)],
    ['peak memory', job.peakMemory === null ? null : megabytes(job.peakMemory)],
    ['attempts', String(job.attempts)],
    ['queued', localAndIso(job.queuedAt)],
    ['started', timeText(job.startedAt)],
    ['ended', timeText(job.endedAt)],
    ['lease until', job.state === 'running' ? timeText(job.leaseUntil) : null],
    ['process', processText(job.runner)],
    ['worker', processText(job.worker)],
    ['runs alone', job.alone ? 'yes: it needs too much memory to run beside others' : null],
    ['video size', job.bytes === null ? null : sizeText(job.bytes)],
    ['video changed', timeText(job.modified)],
    ['video SHA-256', job.sha256],
    ['tool version', job.toolVersion],
    ['options hash', job.optionsHash],
    ...outputs.map(({ path, bytes }): Row => ['output', `${path}, ${sizeText(bytes)}`]),
  ];
  return [...before.flatMap(line), stateLine(job), ...after.flatMap(line)];
}

function stateLine({ state }: JobEntry): StyledLine {
  return { spans: ['state'.padEnd(LABEL_COLUMNS), paintedState(state)] };
}

function line([label, text]: Row): string[] {
  return text === null ? [] : [`${label.padEnd(LABEL_COLUMNS)}${text}`];
}

function timeText(milliseconds: number | null): string | null {
  return milliseconds === null ? null : localAndIso(milliseconds);
}

function framesText({ frames }: JobEntry): string | null {
  if (!frames) return null;
  const { decoded, detected, tracked, missing, filled } = frames;
  return `${decoded}: newly detected in ${detected}, tracked in ${tracked}, missing in ${missing}, filled in ${filled}`;
}

const MEGABYTE = 2 ** 20;

function sizeText(bytes: number): string {
  return bytes < MEGABYTE ? counted(bytes, 'byte') : `${megabytes(bytes)} (${counted(bytes, 'byte')})`;
}

function processText(identity: ProcessIdentity | null): string | null {
  return identity && `${identity.pid} on ${identity.host}`;
}
