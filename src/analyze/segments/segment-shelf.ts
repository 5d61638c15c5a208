/** One of the segments that are stored for a video. */
export interface StoredSegment {
  /** Common to the segments that may be used together. */
  readonly key: string;
  readonly index: number;
}

/** Where the segments of one video are stored, for several commands that analyse it together: a folder or a bucket. */
export interface SegmentShelf {
  /** What messages call a segment. */
  nameOf(segment: StoredSegment): string;
  /** All segments of the video, whatever their key. */
  list(): Promise<readonly StoredSegment[]>;
  /**
   * The bytes of a segment, which anybody may have written.
   * @param maxBytes no more are read
   * @throws UnreadableFile; SegmentsTaken; BodyscriptError `STORAGE_*`
   */
  read(segment: StoredSegment, maxBytes: number): Promise<Buffer>;
  /**
   * Stores a segment, complete or not at all.
   * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`, `OUTPUT_DISK_FULL`, `STORAGE_*`
   */
  write(segment: StoredSegment, bytes: Buffer): Promise<void>;
  /** Called once the outputs have their names, while no other command can claim them. */
  settle(): Promise<void>;
}

/** Another command has published the video meanwhile, and removes its segments. */
export class SegmentsTaken extends Error {
  override readonly name = 'SegmentsTaken';
}

const FILE_NAME = /^(\d{1,6})\.segment$/;

export function segmentFileName(index: number): string {
  return `${index}.segment`;
}

/** The index in a file's name; undefined for any other file. */
export function indexOfFile(name: string): number | undefined {
  const [, digits] = FILE_NAME.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The indices of the largest set of segments that may be used together. */
export async function storedSegments(shelf: SegmentShelf): Promise<ReadonlySet<number>> {
  const sets = new Map<string, Set<number>>();
  for (const { key, index } of await shelf.list()) sets.set(key, (sets.get(key) ?? new Set()).add(index));
  return [...sets.values()].reduce((most, one) => (one.size > most.size ? one : most), new Set<number>());
}
