import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BodyscriptError } from '../../errors.js';
import { runRecordOf } from '../../formats/recorded-run.js';
import { systemPath } from '../../system/byte-names.js';
import { recordedName } from '../../system/recorded-name.js';

/**
 * The video that a table's run record names: where the record says, or beside the table. It still has to be held
 * against the record's hash.
 * @throws BodyscriptError `INPUT_MISSING` where there is no record, or no such file
 */
export async function recordedVideo(table: string): Promise<string> {
  const record = await runRecordOf(table);
  // Without a hash, any file that a record names would be taken for the video.
  const path = record?.input.sha256 === null ? undefined : record?.input.path;
  if (path === undefined) throw notFound(`${table}: no run record beside it that names its video`);
  for (const place of [join(dirname(table), recordedName(path, record?.tool.platform)), path]) {
    const isFile = await stat(systemPath(place)).then(
      stats => stats.isFile(),
      () => false,
    );
    if (isFile) return place;
  }
  throw notFound(`${table}: its run record names ${path}, which does not exist`);
}

function notFound(message: string): BodyscriptError {
  return new BodyscriptError('INPUT_MISSING', message, { remedy: 'Give the video with --beside-video.' });
}
