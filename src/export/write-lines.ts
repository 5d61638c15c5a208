import { GrowingFile } from '../system/whole-file.js';

/** A text file from pieces, there whole or not at all under its name. */
export async function writeLines(path: string, pieces: AsyncIterable<string>): Promise<string> {
  const file = await GrowingFile.create(path);
  try {
    for await (const piece of pieces) await file.append(piece);
    await file.close();
    await file.publish();
    return path;
  } finally {
    await file.close();
  }
}
