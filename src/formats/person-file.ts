import { isId } from './table-cells.js';

/** A person's part of a file name: `walk.person-3`. @throws TypeError if it is not an id */
export function personStem(stem: string, personId: number): string {
  return `${stem}.person-${wholeId(personId)}`;
}

/** A person's part of the names in a folder for OpenSim: `person-3`. @throws TypeError if it is not an id */
export function personName(personId: number): string {
  return `person-${wholeId(personId)}`;
}

/** Whether this program made a file of a folder for OpenSim, complete or not: OpenSim's own results are not. */
export function isIkName(file: string): boolean {
  return /^(README\.md|person-\d+\.(trc|scale\.xml|ik\.xml|rows))(\.partial)?$/.test(file);
}

/** A person's rows while an export is written: `walk.trc.rows-3`. @throws TypeError if it is not an id */
export function rowsFile(path: string, personId: number | 'nobody'): string {
  return `${path}.rows-${personId === 'nobody' ? personId : wholeId(personId)}`;
}

/** A frame's part of a file name, in 12 digits. @throws TypeError if it is not an id */
export function frameDigits(frameId: number): string {
  return String(wholeId(frameId)).padStart(12, '0');
}

/** Whether a file of an OpenPose folder is named after a frame of a table. */
export function isOpenPoseName(file: string, table: string): boolean {
  return file.startsWith(`${table}_`) && /^\d{12}_keypoints\.json$/.test(file.slice(table.length + 1));
}

/** Readers of tables accept only whole numbers; a file name relies on that. */
function wholeId(id: number): number {
  if (isId(id)) return id;
  throw new TypeError(`${JSON.stringify(id)} is not an id`);
}
