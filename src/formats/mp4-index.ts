/** Bytes of a file: from the first to before the last. */
export interface ByteSpan {
  readonly from: number;
  readonly to: number;
}

/** A file of a camera has about five; a fragmented one has thousands. */
const MOST_BOXES = 64;
const HEAD_BYTES = 16;
/** That of 24 hours has some 50 MB. */
const LARGEST_INDEX = 128 * 2 ** 20;
const FIRST = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot']);

/**
 * Where the index of an MP4 or QuickTime file lies (`moov`), which alone says how long its video is.
 * @param read some bytes of the file, fewer at its end
 * @param bytes of the whole file
 * @returns undefined for any other file, one whose index is spread over it, or one that is damaged
 */
export async function mp4Index(
  read: (span: ByteSpan) => Promise<Buffer>,
  bytes: number,
): Promise<ByteSpan | undefined> {
  let index: ByteSpan | undefined;
  let from = 0;
  for (let boxes = 0; from < bytes; boxes++) {
    const box = boxes < MOST_BOXES ? boxAt(await read({ from, to: from + HEAD_BYTES }), from, bytes) : undefined;
    if (!box || box.type === 'moof' || (from === 0 && !FIRST.has(box.type))) return undefined;
    if (box.type === 'moov') {
      if (index || box.to - from > LARGEST_INDEX) return undefined;
      index = { from, to: box.to };
    }
    from = box.to;
  }
  return index;
}

/** @returns undefined if there is no box, or one that does not fit into the file */
function boxAt(head: Buffer, from: number, bytes: number): { readonly type: string; readonly to: number } | undefined {
  if (head.length < 8) return undefined;
  const size = head.readUInt32BE(0);
  const isLong = size === 1;
  if (isLong && head.length < HEAD_BYTES) return undefined;
  const length = isLong ? Number(head.readBigUInt64BE(8)) : size === 0 ? bytes - from : size;
  const to = from + length;
  return length >= (isLong ? HEAD_BYTES : 8) && to <= bytes ? { type: head.toString('latin1', 4, 8), to } : undefined;
}
