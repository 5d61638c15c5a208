import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { OwnOutputs } from '../../../src/batch/inputs/own-outputs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  const record = (fields: object) => JSON.stringify({ tool: { name: 'bodyscript' }, ...fields });
  const files = {
    'walk.run.json': record({
      input: { path: '/once/walk.mp4' },
      outputs: [
        '/once/walk.csv',
        '/once/walk.overlay.mp4',
        '/once/walk.preview.mp4',
        '/once/walk.mp4',
        'b.mp4',
        7,
        null,
      ],
      files: [
        { path: '/once/drawn.mp4', bytes: 5 },
        { path: '/once/again.mp4', bytes: 5 },
        { path: 'walk.mp4', bytes: 4 },
        null,
      ],
    }),
    'other.run.json': JSON.stringify({ tool: { name: 'another' }, outputs: ['other.overlay.mp4'] }),
    'broken.run.json': '{"tool":',
    'null.run.json': 'null',
    'walk.csv': 'frame_id,timestamp,person_id\n',
    'list.csv': 'name,age\n',
    'drawn.mp4': '12345',
    'again.mp4': 'a new recording',
    'walk.mp4': 'film',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(at(name), content);
});

test.each([
  ['an overlay that the record lists, wherever it lay then', 'walk.overlay.mp4', true],
  ['a preview', 'walk.preview.mp4', true],
  ['an overlay that the user has named, of the size that it had', 'drawn.mp4', true],
  ['a film of a table beside it', 'walk.render.mp4', true],
  ['a film of two tables beside the first', 'walk.beside.mp4', true],
  ['another video under the name of an overlay', 'again.mp4', false],
  ['the video itself, even where a record lists it', 'walk.mp4', false],
  ['another name that a record only lists', 'b.mp4', false],
  ['a file of such a name that no record lists', 'walk2.overlay.mp4', false],
  ['what another program’s record lists', 'other.overlay.mp4', false],
  ['what lies beside a broken record', 'broken.overlay.mp4', false],
  ['a film beside another program’s table', 'list.render.mp4', false],
])('%s', async (_, name, isOwn) => {
  expect(await new OwnOutputs().has(at(name))).toBe(isOwn);
});

test('deleted folders hold no files, and many are recognised at once', async () => {
  const own = new OwnOutputs();
  for (let i = 0; i < 100; i++) expect(await own.has(at(`nowhere-${i}/walk.overlay.mp4`))).toBe(false);
  expect(await own.has(at('walk.overlay.mp4'))).toBe(true);
});
