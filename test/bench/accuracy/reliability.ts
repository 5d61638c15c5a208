/** Reported and right ones, by tenths of confidence: below 0.1, 0.2 ... 1. */
export type Reliability = readonly (readonly [reported: number, right: number])[];

/** From this confidence on the tool asserts a joint. */
const CONFIDENT = 0.5;
const BINS = 10;

/** A reported landmark, with its confidence 0-1. */
export interface Reported {
  readonly confidence: number;
  readonly right: boolean;
}

export function reliabilityOf(reported: readonly Reported[]): Reliability {
  const bins = Array.from({ length: BINS }, (): [number, number] => [0, 0]);
  for (const { confidence, right } of reported) {
    const bin = bins[Math.min(BINS - 1, Math.max(0, Math.floor(confidence * BINS)))]!;
    bin[0]++;
    if (right) bin[1]++;
  }
  return bins;
}

/** Several of them in one. */
export function summed(parts: readonly Reliability[]): Reliability {
  return Array.from({ length: BINS }, (_, bin) =>
    ([0, 1] as const).map(k => parts.reduce((sum, part) => sum + part[bin]![k], 0)),
  ) as unknown as Reliability;
}

/** Landmarks reported with confidence, and the right ones among them. */
export function confidentOf(reported: readonly Reported[]): readonly [reported: number, right: number] {
  const own = reported.filter(({ confidence }) => confidence >= CONFIDENT);
  return [own.length, own.filter(({ right }) => right).length];
}

/** The ten cells of a table, as `84 % of 120`. */
export function reliabilityCells(reliability: Reliability): string[] {
  return reliability.map(([reported, right]) =>
    reported === 0 ? '-' : `${((100 * right) / reported).toFixed(0)} % of ${reported}`,
  );
}

export const RELIABILITY_HEADER: readonly string[] = Array.from(
  { length: BINS },
  (_, bin) => `${bin / BINS}-${(bin + 1) / BINS}`,
);

/** Markdown of a header and rows. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

/** A share in percent. */
export function percentOf(part: number, whole: number, digits = 1): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(digits)} %`;
}
