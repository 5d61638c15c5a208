import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BodyscriptError } from '../../errors.js';
import { runRecordOf } from '../../formats/recorded-run.js';
import { systemPath } from '../../system/byte-names.js';
import { recordedName } from '../../system/recorded-name.js';

/**
 * The video named in a table's run record: at the recorded path, or beside the table. The caller must still compare it
 * with the record's hash.
 * @throws BodyscriptError `INPUT_MISSING` if there is no record, or no such file
 */
export async function recordedVideo(table: string): Promise<string> {
  const record = await runRecordOf(table);
  // Without a hash, any file named in a record would be taken for the video.
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
