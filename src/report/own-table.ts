import { BodyscriptError } from '../errors.js';
import type { FilterNote } from '../formats/filter-note.js';
import type { RunRecord } from '../model/run-record.js';
import { sha256OfFiles } from '../system/file-hash.js';

/** SHA-256 of the table that a run wrote; undefined in older records. */
function recordedHash({ files }: RunRecord, output: 'csv' | 'ndjson'): string | undefined {
  return files.find(file => file.output === output)?.sha256 ?? undefined;
}

/**
 * Checks that a table is the one that its run wrote, by its content: one of another video may have the same name, and
 * the record would not apply. A record without a hash accepts any table.
 * @throws BodyscriptError `TABLE_INVALID`
 */
export async function checkTableOf(record: RunRecord, table: string, signal?: AbortSignal): Promise<void> {
  const known = recordedHash(record, table.endsWith('.ndjson') ? 'ndjson' : 'csv');
  if (known !== undefined && (await sha256OfFiles([table], signal)) !== known) throw another(table, record);
}

/**
 * Checks that a filtered table matches its note, and was made from a table of this run. Without a note it is accepted.
 * @throws BodyscriptError `TABLE_INVALID`
 */
export async function checkFiltered(record: RunRecord, table: string, note: FilterNote | undefined): Promise<void> {
  if (!note) return;
  const known = (['csv', 'ndjson'] as const).flatMap(output => recordedHash(record, output) ?? []);
  const from = note.of.sha256;
  if (from !== null && known.length > 0 && !known.includes(from)) throw another(table, record);
  if ((await sha256OfFiles([table])) !== note.sha256) throw another(table, record);
}

function another(table: string, { input }: RunRecord): BodyscriptError {
  return new BodyscriptError(
    'TABLE_INVALID',
    `${table}: does not belong to the run record beside it, of ${input.path}: its content hash differs`,
    {
      remedy:
        'Put the table beside the record of its own run. If you changed the table since, add --any-table; facts on the page about the run may then be wrong.',
    },
  );
}
