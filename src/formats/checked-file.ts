import { createHash } from 'node:crypto';
import { writeWhole } from '../system/whole-file.js';
import { readWhole, UnreadableFile } from './regular-file.js';

/** First line of such a file: its format, its version, the length of the rest, and its SHA-256. */
const HEAD = /^bodyscript ([a-z]+) (\d{1,6}) (\d{1,12}) ([0-9a-f]{64})\n/;
const LONGEST_HEAD = 256;

/** The content of a file, and the version of its layout. */
export interface FileKind {
  readonly name: string;
  readonly version: number;
  readonly maxBytes: number;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A text with a header that reveals damage. */
export function withHeader({ name, version }: FileKind, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.from(`bodyscript ${name} ${version} ${body.length} ${sha256(body)}\n`);
  return Buffer.concat([head, body]);
}

/** Writes a text with such a header. The file is complete, or unchanged. */
export async function writeChecked(path: string, kind: FileKind, text: string): Promise<void> {
  await writeWhole(path, withHeader(kind, text));
}

/** The text of such a file. @throws UnreadableFile if it is damaged, or of another format or version */
export async function readChecked(path: string, kind: FileKind): Promise<string> {
  return textBelowHeader(kind, await readWhole(path, kind.maxBytes));
}

/** The text of such a file's bytes. @throws UnreadableFile if they are damaged, or of another format or version */
export function textBelowHeader({ name, version }: FileKind, bytes: Buffer): string {
  const head = HEAD.exec(bytes.toString('latin1', 0, LONGEST_HEAD));
  if (head?.[1] !== name) throw new UnreadableFile('is damaged, or has another version');
  if (Number(head[2]) !== version) throw new UnreadableFile(`has version ${head[2]}, not ${version}`);
  const body = bytes.subarray(head[0].length);
  if (body.length !== Number(head[3]) || sha256(body) !== head[4]) throw new UnreadableFile('is damaged');
  return body.toString('utf8');
}
