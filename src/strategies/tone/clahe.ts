import { lumaOf, type Pixels, replaceLuma, type Tone, toByte } from './pixels.js';

/**
 * Contrast-limited adaptive histogram equalisation of the luma, after `cv2.createCLAHE(clipLimit, (tiles, tiles))` (K.
 * Zuiderveld, Graphics Gems IV, 1994): each tile's histogram is clipped, the clipped counts are spread over all values,
 * and the tiles' tables are interpolated bilinearly. The old tool used L of CIE Lab; luma differs little and costs
 * less.
 */
export function clahe(clipLimit: number, tiles: number): Tone {
  return pixels => {
    const luma = lumaOf(pixels);
    const tables = tileTables(luma, pixels, clipLimit, tiles);
    replaceLuma(pixels, luma, mixed(luma, pixels, tables, tiles));
  };
}

function tileTables(luma: Uint8Array, { width, height }: Pixels, clipLimit: number, tiles: number): Uint8Array[] {
  const tables: Uint8Array[] = [];
  for (let tile = 0; tile < tiles * tiles; tile++) {
    const [column, row] = [tile % tiles, Math.floor(tile / tiles)];
    const [left, right] = [Math.floor((column * width) / tiles), Math.floor(((column + 1) * width) / tiles)];
    const [top, bottom] = [Math.floor((row * height) / tiles), Math.floor(((row + 1) * height) / tiles)];
    const counts = new Float64Array(256);
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) counts[luma[y * width + x]!]!++;
    tables.push(tableOf(counts, (right - left) * (bottom - top), clipLimit));
  }
  return tables;
}

/** A tile's cumulative counts after clipping, as a table of 0-255. */
function tableOf(counts: Float64Array, total: number, clipLimit: number): Uint8Array {
  const most = Math.max(1, (clipLimit * total) / 256);
  let cut = 0;
  for (let value = 0; value < 256; value++) {
    cut += Math.max(0, counts[value]! - most);
    counts[value] = Math.min(most, counts[value]!);
  }
  const table = new Uint8Array(256);
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    sum += counts[value]! + cut / 256;
    table[value] = toByte((sum * 255) / Math.max(1, total));
  }
  return table;
}

/** For each position along a side: the neighbouring tiles, and the fraction of the way from one to the other. */
function tilePlaces(length: number, tiles: number): { before: Uint8Array; after: Uint8Array; way: Float64Array } {
  const [before, after, way] = [new Uint8Array(length), new Uint8Array(length), new Float64Array(length)];
  for (let i = 0; i < length; i++) {
    const place = ((i + 0.5) * tiles) / length - 0.5;
    before[i] = Math.max(0, Math.floor(place));
    after[i] = Math.min(tiles - 1, Math.floor(place) + 1);
    way[i] = place - Math.floor(place);
  }
  return { before, after, way };
}

function mixed(luma: Uint8Array, { width, height }: Pixels, tables: readonly Uint8Array[], tiles: number): Uint8Array {
  const out = new Uint8Array(luma.length);
  const across = tilePlaces(width, tiles);
  const down = tilePlaces(height, tiles);
  // All tables in one: a lookup in an array of arrays takes twice as long.
  const all = new Uint8Array(256 * tables.length);
  for (const [i, table] of tables.entries()) all.set(table, 256 * i);
  for (let y = 0, i = 0; y < height; y++) {
    const top = down.before[y]! * tiles;
    const bottom = down.after[y]! * tiles;
    const low = down.way[y]!;
    for (let x = 0; x < width; x++, i++) {
      const left = across.before[x]!;
      const right = across.after[x]!;
      const far = across.way[x]!;
      const value = luma[i]!;
      const above = all[((top + left) << 8) | value]! * (1 - far) + all[((top + right) << 8) | value]! * far;
      const below = all[((bottom + left) << 8) | value]! * (1 - far) + all[((bottom + right) << 8) | value]! * far;
      out[i] = (above * (1 - low) + below * low + 0.5) | 0;
    }
  }
  return out;
}
