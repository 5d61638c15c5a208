import { lumaOf, type Pixels, replaceLuma, type Tone, toByte } from './pixels.js';

/**
 * Contrast-limited adaptive histogram equalisation of the luma, after `cv2.createCLAHE(clipLimit, (tiles, tiles))` (K. Zuiderveld, Graphics Gems
 * IV, 1994): each tile's histogram is clipped, what was cut off is spread over all values, and the tiles' tables are mixed bilinearly. The old tool
 * took L of CIE Lab; luma differs little and costs less.
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
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) counts[luma[y * width + x]]++;
    tables.push(tableOf(counts, (right - left) * (bottom - top), clipLimit));
  }
  return tables;
}

/** The cumulated counts of a tile after clipping, as a table of 0-255. */
function tableOf(counts: Float64Array, total: number, clipLimit: number): Uint8Array {
  const most = Math.max(1, (clipLimit * total) / 256);
  let cut = 0;
  for (let value = 0; value < 256; value++) {
    cut += Math.max(0, counts[value] - most);
    counts[value] = Math.min(most, counts[value]);
  }
  const table = new Uint8Array(256);
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    sum += counts[value] + cut / 256;
    table[value] = toByte((sum * 255) / Math.max(1, total));
  }
  return table;
}

function mixed(luma: Uint8Array, { width, height }: Pixels, tables: readonly Uint8Array[], tiles: number): Uint8Array {
  const out = new Uint8Array(luma.length);
  const last = tiles - 1;
  for (let y = 0; y < height; y++) {
    const tileY = ((y + 0.5) * tiles) / height - 0.5;
    const [top, bottom] = [Math.max(0, Math.floor(tileY)), Math.min(last, Math.floor(tileY) + 1)];
    const down = tileY - Math.floor(tileY);
    for (let x = 0; x < width; x++) {
      const tileX = ((x + 0.5) * tiles) / width - 0.5;
      const [left, right] = [Math.max(0, Math.floor(tileX)), Math.min(last, Math.floor(tileX) + 1)];
      const across = tileX - Math.floor(tileX);
      const value = luma[y * width + x];
      const above = tables[top * tiles + left][value] * (1 - across) + tables[top * tiles + right][value] * across;
      const below =
        tables[bottom * tiles + left][value] * (1 - across) + tables[bottom * tiles + right][value] * across;
      out[y * width + x] = toByte(above * (1 - down) + below * down);
    }
  }
  return out;
}
