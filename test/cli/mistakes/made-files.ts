import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLES = fileURLToPath(new URL('../../../samples/', import.meta.url));

const TEXTS: Readonly<Record<string, string>> = {
  'text.mp4': 'Dear diary,\n'.repeat(99),
  'empty.mp4': '',
  'page.mp4': `<!DOCTYPE html><html><title>404</title>${' '.repeat(500)}</html>`,
  'archive.mp4': `PK\u0003\u0004${'x'.repeat(500)}`,
  'clips/notes.txt': 'hello',
  'notes.csv': 'name,age\nJo,31\n',
  'empty.csv': '',
  'future.ndjson': '{"version":99,"frame_id":0,"timestamp":0,"people":[]}\n',
  'broken.ndjson': '{"version":1,',
  'option.json': '{"analyze":{"minScor":0.5}}',
  'section.json': '{"analyse":{}}',
  'value.json': '{"analyze":{"minScore":"high"}}',
  'broken.json': '{"analyze":{',
  'broken.toml': '[analyze]\nminScore = = 3\n',
  'list.utf16': 'w\0a\0l\0k\0',
  'my.task': 'not a model',
  'damaged/.bodyscript/ledger.sqlite': 'not a database',
  'taken/walk.csv': 'frame_id;mine\n',
};

/** What people have lying about, right and wrong, for commands that start in this folder. */
export async function makeFiles(folder: string): Promise<void> {
  const at = (name: string) => join(folder, name);
  for (const name of ['clips', 'nothing', 'damaged/.bodyscript', 'taken', 'pictures']) {
    await mkdir(at(name), { recursive: true });
  }
  for (const [name, text] of Object.entries(TEXTS)) await writeFile(at(name), text);
  for (const name of ['walk.mp4', 'closed.mp4']) await copyFile(join(SAMPLES, 'wave.mp4'), at(name));
  await chmod(at('closed.mp4'), 0o000);
  await mkdir(at('locked'), { mode: 0o555 });
  for (const number of [1, 2, 4]) await copyFile(join(SAMPLES, 'contact-sheet.jpg'), at(`pictures/f_000${number}.jpg`));
  const table = await readFile(join(SAMPLES, 'golden/wave.csv'), 'utf8');
  await writeFile(at('walk.csv'), table);
  await writeFile(at('no-times.csv'), table.replace('timestamp', 'time'));
  await writeFile(at('person.csv'), table.replace(/^([^,]+,[^,]+),0,/m, '$1,someone,'));
  await writeFile(at('cut.csv'), table.slice(0, -300));
  execFileSync('mkfifo', [at('pipe.mp4')]);
}
