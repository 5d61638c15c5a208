import { basename, resolve } from 'node:path';
import { EXPORT_FORMATS } from '../formats/export-formats.js';
import type { RecordedFile } from '../model/run-record.js';
import { OUTPUTS } from '../outputs/catalogue.js';
import type { OutputFile } from '../outputs/output.js';
import type { WantedOutputs } from '../outputs/wanted-outputs.js';
import { STDOUT } from '../system/whole-file.js';
import type { Job } from './job.js';

/** All outputs, under their names beside the record. */
const ALL_OUTPUTS: WantedOutputs = {
  csv: 'auto',
  csvLayout: 'long',
  ndjson: 'auto',
  overlay: { to: 'auto', crf: 0, minVisibility: 0, labels: false } as NonNullable<WantedOutputs['overlay']>,
  angles: true,
  quality: true,
  exports: EXPORT_FORMATS,
  personHeight: undefined,
  contactSheet: true,
  thumbnail: true,
  preview: 1,
  plots: true,
  explain: true,
};

interface Places {
  /** Their paths in this run. */
  readonly planned: readonly string[];
  /** The output type's names beside the record. */
  readonly own: readonly string[];
}

/**
 * Paths of the files of a record. The record may be forged, and the folder may have been moved: a file is looked up
 * only where its output type writes files, and never where the run reads one.
 */
export class RecordedPlaces {
  readonly #places: ReadonlyMap<string, Places>;

  private constructor(places: ReadonlyMap<string, Places>) {
    this.#places = places;
  }

  static async of({ plan, source }: Pick<Job, 'plan' | 'source'>): Promise<RecordedPlaces> {
    const read = new Set(source.files.map(file => resolve(file)));
    const isWritten = (path: string) => path !== STDOUT && !read.has(resolve(path));
    const places = OUTPUTS.map(async (kind): Promise<[string, Places]> => {
      const planned = plan.outputs.find(output => output.kind === kind)?.files ?? [];
      const own = [...pathsOf(kind.files(plan.stem, ALL_OUTPUTS)), ...((await kind.existing?.(plan.stem)) ?? [])];
      return [kind.name, { planned: pathsOf(planned).filter(isWritten), own: own.filter(isWritten) }];
    });
    return new RecordedPlaces(new Map(await Promise.all(places)));
  }

  /** Undefined if it is not a file of that output. A folder ends with a slash. */
  find({ output, path }: RecordedFile): string | undefined {
    const { planned = [], own = [] } = this.#places.get(output) ?? {};
    return (
      planned.find(place => resolve(place) === resolve(path)) ?? own.find(place => basename(place) === basename(path))
    );
  }
}

const pathsOf = (files: readonly OutputFile[]) =>
  files.filter(({ role }) => role !== 'working').map(({ path }) => path);
