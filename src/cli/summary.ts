import { megabytes } from '../analyze/memory-guard.js';
import type { RunRecord } from '../sinks/run-record.js';

/** What a person wants to know at the end, from the run's record. */
export function summarize(record: RunRecord): string {
  const { frames, seconds, peakMemory } = record;
  const share = (count: number) => `${count} ${percent(count, frames.decoded)}`;
  const visibility =
    record.meanVisibility === null ? 'nobody found' : `mean visibility ${record.meanVisibility.toFixed(3)}`;
  const stages = Object.entries(seconds.byStage).map(([stage, time]) => `${stage} ${time.toFixed(1)}`);
  const processes = Object.entries(peakMemory.rssByProcess).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  const shared =
    peakMemory.treePss === null ? '' : ` (${megabytes(peakMemory.treePss)} with shared pages counted once)`;
  const passedOver = frames.passedOver > 0 ? `, ${frames.passedOver} passed over` : '';
  return [
    `${record.input.path}: done`,
    `  frames       ${frames.decoded}: detected ${share(frames.detected)}, tracked ${share(frames.tracked)}, missing ${share(frames.missing)}${passedOver}`,
    `  poses        ${visibility}`,
    `  time         ${seconds.wall.toFixed(1)} s, ${seconds.framesPerSecond.toFixed(1)} frames/s; at work in seconds: ${stages.join(', ')}`,
    `  peak memory  ${megabytes(peakMemory.treeRss)} for all processes${shared}; ${processes.join(', ')}`,
    ...record.outputs.map(path => `  written      ${path}`),
  ].join('\n');
}

function percent(count: number, total: number): string {
  return total === 0 ? '' : `(${((100 * count) / total).toFixed(1)} %)`;
}
