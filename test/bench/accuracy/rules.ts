import { markdownTable } from './reliability.js';

/** A clip analysed one way, with its right joints. */
export interface Ranked {
  readonly clip: string;
  readonly mode: string;
  readonly model: string;
  readonly joints: { readonly jointsRight: number; readonly jointsWanted: number };
}

/** One way must not be less accurate than another on any clip. */
export interface RuleResult {
  readonly clip: string;
  /** As `smart:auto >= track:heavy`. */
  readonly rule: string;
  readonly better: number;
  readonly worse: number;
  readonly passes: boolean;
}

/** The networks available to a mode that refines: these; `auto` has both. */
const networksOf = (model: string) => (model === 'auto' ? ['full', 'heavy'] : [model]);

/**
 * Compares the modes on each clip: `smart` is never less accurate than `track` with one of its networks, and `quality`
 * never less than `smart` with the same ones. Only measured ways count.
 */
export function checkRules(rows: readonly Ranked[]): RuleResult[] {
  return rows.flatMap(row => {
    const rivals = rows.filter(
      other =>
        other.clip === row.clip &&
        ((row.mode === 'smart' && other.mode === 'track' && networksOf(row.model).includes(other.model)) ||
          (row.mode === 'quality' && other.mode === 'smart' && other.model === row.model)),
    );
    return rivals.map(other => ({
      clip: row.clip,
      rule: `${row.mode}:${row.model} >= ${other.mode}:${other.model}`,
      better: row.joints.jointsRight,
      worse: other.joints.jointsRight,
      passes: row.joints.jointsRight >= other.joints.jointsRight,
    }));
  });
}

/** Clips by rules, PASS or FAIL with the right joints of both. */
export function rulesTable(results: readonly RuleResult[]): string {
  const rules = [...new Set(results.map(result => result.rule))];
  const clips = [...new Set(results.map(result => result.clip))];
  const rows = clips.map(clip => [
    clip,
    ...rules.map(rule => {
      const own = results.find(result => result.clip === clip && result.rule === rule);
      return own ? `${own.passes ? 'PASS' : 'FAIL'} ${own.better} : ${own.worse}` : '-';
    }),
  ]);
  const failed = rules.map(rule => {
    const own = results.filter(result => result.rule === rule);
    return `${own.filter(result => result.passes).length} of ${own.length}`;
  });
  return markdownTable(['clip', ...rules], [...rows, ['pass', ...failed]]);
}
