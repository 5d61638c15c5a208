import type { BinnedSeries } from './binned-series.js';
import { PERSON_CHANNELS } from './plot-series.js';

/**
 * How a status is shown: its name, its colour, and its share of the row's height, since colours alone must not carry
 * the meaning. The pages have the same.
 */
export const STATUSES = {
  tracked: { name: 'tracked', colour: '#2f9e78', height: 0.75 },
  detected: { name: 'newly detected', colour: '#c98a00', height: 1 },
  retried: { name: 'found on retry', colour: '#2f6fd0', height: 0.56 },
  filled: { name: 'filled between neighbours', colour: '#8a63d2', height: 0.38 },
  missing: { name: 'missing', colour: '#d64545', height: 0.19 },
  absent: { name: 'absent', colour: '#b9bec6', height: 0.1 },
} as const;

/** A time of one status, in seconds. */
export interface StatusSpan {
  readonly from: number;
  readonly to: number;
  readonly status: keyof typeof STATUSES;
}

/**
 * A person's time in spans of one status; the worst status of each bin. Before the first and after the last pose
 * the person is absent, between them missing where there is no pose.
 * @param times of the bins, in seconds
 */
export function statusSpans(person: BinnedSeries, times: readonly number[]): StatusSpan[] {
  const bins = times.map((_, bin) => bin);
  const isPresent = (bin: number) => (person.get(bin, PERSON_CHANNELS.present)?.most ?? 0) > 0;
  const first = bins.find(isPresent) ?? times.length;
  const last = bins.findLast(isPresent) ?? -1;
  const spans: { from: number; to: number; status: StatusSpan['status'] }[] = [];
  for (const [bin, time] of times.entries()) {
    const status = bin < first || bin > last ? 'absent' : statusOf(person, bin);
    const open = spans.at(-1);
    if (open?.status === status) continue;
    if (open) open.to = time;
    spans.push({ from: time, to: time, status });
  }
  const end = spans.at(-1);
  if (end) end.to = times.at(-1) ?? end.from;
  return spans;
}

function statusOf(person: BinnedSeries, bin: number): StatusSpan['status'] {
  const { present, detected, retried, filled } = PERSON_CHANNELS;
  if ((person.get(bin, present)?.least ?? 0) === 0) return 'missing';
  const happened = (channel: number) => (person.get(bin, channel)?.most ?? 0) > 0;
  if (happened(filled)) return 'filled';
  if (happened(retried)) return 'retried';
  return happened(detected) ? 'detected' : 'tracked';
}
