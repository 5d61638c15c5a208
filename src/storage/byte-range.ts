/**
 * Some bytes of a stream, for servers that answer with the whole object when they are asked for a part.
 * @param from the first byte, from 0
 * @param to the last byte, counted in; undefined: to the end. No more of the stream is read than that.
 */
export async function* bytesBetween(
  body: AsyncIterable<Buffer>,
  from: number,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const chunk of body) {
    const piece = chunk.subarray(Math.max(0, from - at), Math.max(0, to + 1 - at));
    at += chunk.length;
    if (piece.length > 0) yield piece;
    if (at > to) return;
  }
}
