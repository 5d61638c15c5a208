/** Paired names of two folders. */
export interface NamePairs {
  readonly pairs: readonly (readonly [golden: string, fresh: string])[];
  /** Golden names without a new one, and new names without a golden one. */
  readonly lost: readonly string[];
  readonly added: readonly string[];
}

/**
 * Pairs equal names; then remaining ones that differ only in the encoding of their letters (`é` as one character or as
 * two, as in macOS and Linux copies of one folder), if each side has one of them.
 */
export function pairNames(golden: readonly string[], fresh: readonly string[]): NamePairs {
  const [ours, theirs] = [new Set(golden), new Set(fresh)];
  const partners = new Map(golden.filter(name => theirs.has(name)).map(name => [name, name]));
  const left = byForm(golden.filter(name => !theirs.has(name)));
  const right = byForm(fresh.filter(name => !ours.has(name)));
  for (const [form, [name, ...more]] of left) {
    const others = right.get(form) ?? [];
    if (name !== undefined && more.length === 0 && others.length === 1) partners.set(name, others[0] ?? name);
  }
  const taken = new Set(partners.values());
  return {
    pairs: golden.flatMap(name => (partners.has(name) ? [[name, partners.get(name) ?? name] as const] : [])),
    lost: golden.filter(name => !partners.has(name)),
    added: fresh.filter(name => !taken.has(name)),
  };
}

function byForm(names: readonly string[]): Map<string, string[]> {
  const forms = new Map<string, string[]>();
  for (const name of names) {
    const form = name.normalize('NFC');
    forms.set(form, [...(forms.get(form) ?? []), name]);
  }
  return forms;
}
