import { STDOUT } from '../system/whole-file.js';
import { OUTPUTS } from './catalogue.js';
import type { OutputFile, OutputKind } from './output.js';
import type { WantedOutputs } from './wanted-outputs.js';

/** A requested output, with all files that it may write. */
export interface PlannedOutput {
  readonly kind: OutputKind;
  readonly files: readonly OutputFile[];
}

/**
 * The requested outputs, in the order in which they are opened.
 * @param stem base path of files named after the video, without suffix
 */
export function plannedOutputs(stem: string, options: WantedOutputs): PlannedOutput[] {
  const firstRanked = OUTPUTS.findIndex(({ rank }) => rank);
  return OUTPUTS.map((kind, index) => ({
    planned: { kind, files: kind.files(stem, options) },
    place: kind.rank ? firstRanked : index,
    rank: kind.rank?.(options) ?? 0,
  }))
    .filter(({ planned }) => planned.files.length > 0)
    .sort((a, b) => a.place - b.place || a.rank - b.rank)
    .map(({ planned }) => planned);
}

/** The files of some outputs with one of these roles; stdout is not one. */
export function filesOf(outputs: readonly PlannedOutput[], ...roles: readonly OutputFile['role'][]): string[] {
  const files = outputs.flatMap(output => output.files.filter(({ role }) => roles.includes(role)));
  return files.map(({ path }) => path).filter(path => path !== STDOUT);
}

/** All final names that outputs may use, including those of people known only to an earlier run. */
export async function possibleFiles(outputs: readonly PlannedOutput[], stem: string): Promise<string[]> {
  const existing = await Promise.all(outputs.map(({ kind }) => kind.existing?.(stem) ?? []));
  // Two outputs of one name stay two, so that they are refused.
  const named = [...filesOf(outputs, 'grows'), ...filesOf(outputs, 'whole')];
  const known = new Set(named);
  return [...named, ...new Set(existing.flat().filter(file => !known.has(file)))];
}
