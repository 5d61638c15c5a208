import type { CheckResult, Health } from '../doctor/check.js';
import type { StyledLine } from './styled.js';

const MARKS: Readonly<Record<Health, string>> = { good: 'ok', limited: 'warning', missing: 'problem' };
const PAINTS = { good: 'green', limited: 'yellow', missing: 'red' } as const;
const MARK_WIDTH = Math.max(...Object.values(MARKS).map(({ length }) => length));

/** The subject of each check; `--json` has the short names. */
const SUBJECTS: Readonly<Record<string, string>> = {
  node: 'Node.js',
  cache: 'model cache',
  output: 'results folder',
  memory: 'free memory',
  cores: 'CPU cores',
  decoding: 'test image',
  decoders: 'video decoders',
  encoder: 'overlay encoder',
  ledger: 'batch ledger',
  'model-lite': 'lite model',
  'model-full': 'full model',
  'model-heavy': 'heavy model',
  'engine-mediapipe': 'mediapipe engine',
  'engine-native': 'native engine',
  'refining-network': 'refining network',
  'person-finder': 'person finder',
};

/** A line for each check, followed by its remedy if it failed, and a verdict at the end. */
export function checkLines(results: readonly CheckResult[]): (string | StyledLine)[] {
  const width = Math.max(...results.map(({ name }) => subject(name).length));
  const indent = ' '.repeat(MARK_WIDTH + width + 4);
  const lines = results.flatMap((result): (string | StyledLine)[] => {
    const { name, health, found, fix } = result;
    // If several checks fail for the same reason, only the first explains it.
    const first = results.find(other => other.health !== 'good' && other.found === found && other.fix === fix);
    const isRepeated = health !== 'good' && first !== result;
    const text = isRepeated ? `same cause as "${subject(first?.name ?? name)}"` : shortHashes(found);
    const mark = { text: MARKS[health].padEnd(MARK_WIDTH), paint: PAINTS[health] };
    const line = { spans: [mark, `  ${subject(name).padEnd(width)}  ${text}`] };
    return health === 'good' || isRepeated || fix === undefined ? [line] : [line, `${indent}Fix: ${fix}`];
  });
  return [...lines, verdict(results)];
}

function verdict(results: readonly CheckResult[]): string {
  const count = (wanted: Health) => results.filter(({ health }) => health === wanted).length;
  const problems = count('missing');
  const warnings = count('limited');
  if (problems > 0)
    return `The installation has ${amount(problems, 'problem')}. Fix what is marked, then run this again.`;
  if (warnings > 0) return `The installation works, with ${amount(warnings, 'warning')}.`;
  return 'The installation works.';
}

function subject(name: string): string {
  return SUBJECTS[name] ?? name;
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Of no use to people in full; `--json` has them. */
function shortHashes(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');
}
