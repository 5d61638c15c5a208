import { type Profiler, Session } from 'node:inspector/promises';
import { basename } from 'node:path';

/** Share of the time spent in a function itself, 0-1. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

const HUNDRED_MICROSECONDS = 100;

/**
 * Runs `work` under V8's sampling profiler (what `node --cpu-prof` writes) and returns the functions that took most.
 */
export async function profile(work: () => Promise<unknown>, most = 8): Promise<Share[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: HUNDRED_MICROSECONDS });
  await session.post('Profiler.start');
  await work();
  const { profile: result } = await session.post('Profiler.stop');
  session.disconnect();
  return sharesOf(result).slice(0, most);
}

function sharesOf({ nodes, samples = [] }: Profiler.Profile): Share[] {
  const names = new Map(nodes.map(node => [node.id, nameOf(node)]));
  const counts = new Map<string, number>();
  for (const id of samples) {
    const name = names.get(id) ?? '?';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, share: count / samples.length }))
    .sort((a, b) => b.share - a.share);
}

function nameOf({ callFrame: { functionName, url } }: Profiler.ProfileNode): string {
  const file = url === '' ? '' : ` (${basename(url)})`;
  return `${functionName || 'anonymous'}${file}`;
}
