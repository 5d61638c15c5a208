import { runRecordOf } from '../formats/recorded-run.js';
import type { RunRecord } from '../model/run-record.js';

/** A difference between the options of two runs: `{ what: 'model', golden: 'full', new: 'lite' }`. */
export interface RecordDifference {
  readonly what: string;
  readonly golden: string;
  readonly new: string;
}

/** Options nest two levels deep; a forged record may nest deeper. */
const DEEPEST = 4;
const LONGEST_VALUE = 60;
const MOST_DIFFERENCES = 20;
const HASH_SHOWN = 12;
const ABSENT = 'absent';

/**
 * Compares the run records beside two tables, to explain differences between the landmarks. Without both records,
 * nothing is returned.
 */
export async function recordDifferencesOf(golden: string, fresh: string): Promise<RecordDifference[]> {
  const [ours, theirs] = await Promise.all([runRecordOf(golden), runRecordOf(fresh)]);
  if (!ours || !theirs) return [];
  const [left, right] = [factsOf(ours), factsOf(theirs)];
  // An unfinished run has no hash of its video yet.
  if (ours.input.sha256 === null || theirs.input.sha256 === null) left.delete('video sha256');
  // Another model has another hash.
  if (left.get('model') !== right.get('model')) left.delete('model sha256');
  const names = [...left.keys(), ...[...right.keys()].filter(name => !left.has(name) && !name.endsWith(' sha256'))];
  return names
    .map(what => ({ what, golden: left.get(what) ?? ABSENT, new: right.get(what) ?? ABSENT }))
    .filter(difference => difference.golden !== difference.new)
    .slice(0, MOST_DIFFERENCES);
}

/** `golden: model full, mode smart; new: model lite, mode fast`. */
export function describeDifferences(differences: readonly RecordDifference[]): string {
  const side = (of: 'golden' | 'new') =>
    differences.map(difference => `${difference.what} ${difference[of]}`).join(', ');
  return `golden: ${side('golden')}; new: ${side('new')}`;
}

/** The options that affect the numbers, the most important first. */
function factsOf(record: RunRecord): Map<string, string> {
  const { model, engine, tool, ffmpeg, input, options, analysed } = record;
  const facts = new Map<string, string>();
  facts.set('model', model?.name ?? ABSENT);
  facts.set('engine', engine?.name ?? ABSENT);
  // "auto" says less than the model and the engine that ran.
  addOptions(facts, {
    ...options.analysis,
    engineName: undefined,
    engine: { ...options.analysis.engine, model: undefined },
  });
  addOptions(facts, options.source);
  facts.set('picture', `${analysed.width}x${analysed.height}`);
  facts.set('video sha256', input.sha256?.slice(0, HASH_SHOWN) ?? ABSENT);
  facts.set('model sha256', model?.sha256.slice(0, HASH_SHOWN) ?? ABSENT);
  facts.set('engine version', engine?.version ?? ABSENT);
  facts.set('bodyscript', tool.version);
  facts.set('ffmpeg', ffmpeg.version);
  facts.set('platform', tool.platform);
  for (const [name, value] of facts) facts.set(name, value.slice(0, LONGEST_VALUE));
  return facts;
}

/** Adds each option by its command-line name: `min-detection`. */
function addOptions(facts: Map<string, string>, options: object, depth = 0): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST)
      addOptions(facts, value, depth + 1);
    else facts.set(kebab(name), typeof value === 'string' ? value : value === null ? 'default' : JSON.stringify(value));
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}
