import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLES } from './reference-clips.js';

const RATE = 30;
const AT_ONCE = 500;

/**
 * The content of a frame of a long table: its people, each with the shift of their landmarks to the right, in
 * hundredths of the picture.
 */
export type PeopleAt = (frame: number) => readonly { readonly id: number; readonly moved: number }[];

/** One person, throughout. */
const ALONE: PeopleAt = () => [{ id: 0, moved: 0 }];

/** Two people who come and go, with short and long gaps, one over several hundred frames, and single jumps. */
export const COMING_AND_GOING: PeopleAt = frame => {
  const jump = frame % 97 === 5 ? 30 : 0;
  const isThere = frame % 40 < 37 && !(frame >= 500 && frame < 530) && !(frame >= 700 && frame < 1250);
  return [
    ...(isThere ? [{ id: 0, moved: jump }] : []),
    ...((frame >= 100 && frame < 300) || frame >= 900 ? [{ id: 7, moved: 20 }] : []),
  ];
};

/** A long CSV with a number of frames: the poses of the sample `wave`, repeated, with times that continue. */
export async function makeLongTable(path: string, frames: number, people: PeopleAt = ALONE): Promise<string> {
  const [head = '', ...rows] = (await readFile(join(SAMPLES, 'golden', 'wave.csv'), 'utf8')).trimEnd().split('\n');
  const columns = head.split(',');
  const cells = rows.map(row => row.split(','));
  const names = columns.filter(name => name.endsWith('_visibility')).map(name => name.replace(/_visibility$/, ''));
  const places = ['x', 'y', 'z', 'visibility', 'x_px', 'y_px', 'world_x', 'world_y', 'world_z'];
  const at = (name: string) => columns.indexOf(name);
  const ends = ['status', 'strategy', 'score'].map(at);
  const file = await open(path, 'w');
  let text = `frame_id,timestamp,person_id,landmark_id,landmark_name,${places.join(',')},status,strategy,score\n`;
  for (let frame = 0; frame < frames; frame++) {
    const row = cells[frame % cells.length]!;
    const start = `${frame},${(frame / RATE).toFixed(6)}`;
    const found = people(frame);
    for (const { id, moved } of found) {
      const end = ends.map(column => row[column]).join(',');
      for (const [landmark, name] of names.entries()) {
        const values = places.map(place => {
          const value = row[at(`${name}_${place}`)]!;
          return place === 'x' && moved !== 0 ? (Number(value) + moved / 100).toFixed(6) : value;
        });
        text += `${start},${id},${landmark},${name},${values.join(',')},${end}\n`;
      }
    }
    if (found.length === 0)
      for (const [landmark, name] of names.entries()) text += `${start},,${landmark},${name},,,,,,,,,,missing,,\n`;
    if (frame % AT_ONCE !== 0) continue;
    await file.write(text);
    text = '';
  }
  await file.write(text);
  await file.close();
  return path;
}
