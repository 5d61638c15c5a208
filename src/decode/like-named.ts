import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * A hint for a path that does not exist but whose folder has the same name in other characters: other capitals, or
 * accents as separate characters, as in files from a Mac. Undefined if there is no such name.
 */
export async function likeNamedRemedy(path: string): Promise<string | undefined> {
  const wanted = basename(path);
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  if (names.some(name => name.normalize() === wanted.normalize())) {
    return 'A file whose name looks the same exists, but its accents are encoded differently (Unicode NFC or NFD): complete the name with the Tab key, or give its folder.';
  }
  const plain = (name: string) => name.normalize().toLowerCase();
  const other = names.find(name => plain(name) === plain(wanted));
  return other === undefined ? undefined : `Did you mean ${join(dirname(path), other)}?`;
}
