// AssemblyScript: `npm run build` compiles it to dist/regions/wasm/sample-yuv.wasm. Bit by bit what
// src/regions/sample-yuv.ts computes.

/** Fraction bits of a position: positions are in 1/32 of a pixel. */
const STEP_BITS: i32 = 5;
const STEPS: i32 = 32;
/** The four weights of a sample add up to 2^10. */
const WEIGHT_BITS: i32 = 10;
const ROUNDING: i32 = 512;

/** The source of a sample beyond the edges. */
const INSIDE: i32 = 0;
const NEAREST: i32 = 1;

/** The picture: the position of its planes, and their sizes. */
let luma: i32 = 0;
let cb: i32 = 0;
let crFromCb: i32 = 0;
let width: i32 = 0;
let chromaWidth: i32 = 0;
let lastX: i32 = 0;
let lastY: i32 = 0;

const LIGHT_BITS: i32 = 20;
const GREEN_BITS: i32 = 16;
const GREEN_LUMA_FINE_BITS: i32 = 16;
const GREEN_CHROMA_FINE_BITS: i32 = 22;

/** Samples that are gathered before their colours are mixed: a single loop would need more registers than there are. */
const STRIP: i32 = 256;

// The content from `scratch` on, in bytes: two masks, colour coefficients, then the gathered values of a strip.
const MASK_BYTES: i32 = 16;
const LIGHT: i32 = 32;
const RED_OF_CR: i32 = 48;
const RED_BASE: i32 = 64;
const BLUE_OF_CB: i32 = 80;
const BLUE_BASE: i32 = 96;
const GREEN_OF_LUMA: i32 = 112;
const GREEN_OF_LUMA_FINE: i32 = 128;
const GREEN_LUMA_FINE_BASE: i32 = 144;
const GREEN_OF_CB: i32 = 160;
const GREEN_OF_CR: i32 = 176;
const GREEN_OF_CB_FINE: i32 = 192;
const GREEN_OF_CR_FINE: i32 = 208;
const GREEN_FINE_BASE: i32 = 224;
const GREEN_BASE: i32 = 240;
const PIXELS: i32 = 256;
/** For each sample: luma, cb and cr of its four pixels, and the position of the mask that spreads them. */
const PIXELS_BYTES: i32 = 16;
const WEIGHTS: i32 = PIXELS + STRIP * PIXELS_BYTES;
/** For each sample: the weights of its four pixels. */
const WEIGHTS_BYTES: i32 = 8;
/** For every four samples: positions of their upper and lower pixels in luma and cb, and their masks. */
const PLACES: i32 = WEIGHTS + STRIP * WEIGHTS_BYTES;
const PLACES_BYTES: i32 = 80;

export function usePicture(at: i32, pictureWidth: i32, pictureHeight: i32): void {
  width = pictureWidth;
  lastX = pictureWidth - 1;
  lastY = pictureHeight - 1;
  chromaWidth = (pictureWidth + 1) >> 1;
  luma = at;
  cb = at + pictureWidth * pictureHeight;
  crFromCb = chromaWidth * ((pictureHeight + 1) >> 1);
}

/**
 * Each repeated four times: the coefficients from luma and chroma to colours; see
 * src/regions/wasm/colour-coefficients.ts.
 */
export function useRedAndBlue(scratch: i32, light: i32, ofCr: i32, red: i32, ofCb: i32, blue: i32): void {
  v128.store(scratch, i32x4.splat(light), LIGHT);
  v128.store(scratch, i32x4.splat(ofCr), RED_OF_CR);
  v128.store(scratch, i32x4.splat(red), RED_BASE);
  v128.store(scratch, i32x4.splat(ofCb), BLUE_OF_CB);
  v128.store(scratch, i32x4.splat(blue), BLUE_BASE);
}

export function useGreen(
  scratch: i32,
  ofLuma: i32,
  ofLumaFine: i32,
  lumaFineBase: i32,
  ofCb: i32,
  ofCr: i32,
  ofCbFine: i32,
  ofCrFine: i32,
  fineBase: i32,
  base: i32,
): void {
  v128.store(scratch, i32x4.splat(ofLuma), GREEN_OF_LUMA);
  v128.store(scratch, i32x4.splat(ofLumaFine), GREEN_OF_LUMA_FINE);
  v128.store(scratch, i32x4.splat(lumaFineBase), GREEN_LUMA_FINE_BASE);
  v128.store(scratch, i32x4.splat(ofCb), GREEN_OF_CB);
  v128.store(scratch, i32x4.splat(ofCr), GREEN_OF_CR);
  v128.store(scratch, i32x4.splat(ofCbFine), GREEN_OF_CB_FINE);
  v128.store(scratch, i32x4.splat(ofCrFine), GREEN_OF_CR_FINE);
  v128.store(scratch, i32x4.splat(fineBase), GREEN_FINE_BASE);
  v128.store(scratch, i32x4.splat(base), GREEN_BASE);
}

/**
 * Writes how luma and chroma of a sample are spread to its four pixels: on an even column they share their chroma, on
 * an odd one they have two.
 */
export function writeMasks(scratch: i32): void {
  v128.store(scratch, i8x16(0, 1, 2, 3, 4, 4, 6, 6, 8, 8, 10, 10, -1, -1, -1, -1));
  v128.store(scratch + MASK_BYTES, i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1, -1, -1, -1));
}

/** Red from light and cr, or blue from light and cb. */
function mixed(light: v128, chroma: v128, share: v128, base: v128): v128 {
  return i32x4.shr_s(i32x4.add(light, i32x4.add(i32x4.mul(chroma, share), base)), LIGHT_BITS);
}

function green(luma: v128, cb: v128, cr: v128, scratch: i32): v128 {
  const fineLight = i32x4.shr_s(
    i32x4.add(i32x4.mul(luma, v128.load(scratch, GREEN_OF_LUMA_FINE)), v128.load(scratch, GREEN_LUMA_FINE_BASE)),
    GREEN_LUMA_FINE_BITS,
  );
  const light = i32x4.add(i32x4.mul(luma, v128.load(scratch, GREEN_OF_LUMA)), fineLight);
  const chroma = i32x4.add(
    i32x4.mul(cb, v128.load(scratch, GREEN_OF_CB)),
    i32x4.mul(cr, v128.load(scratch, GREEN_OF_CR)),
  );
  const fine = i32x4.add(
    i32x4.mul(cb, v128.load(scratch, GREEN_OF_CB_FINE)),
    i32x4.mul(cr, v128.load(scratch, GREEN_OF_CR_FINE)),
  );
  const fineChroma = i32x4.shr_s(i32x4.add(fine, v128.load(scratch, GREEN_FINE_BASE)), GREEN_CHROMA_FINE_BITS);
  const sum = i32x4.add(i32x4.add(light, chroma), i32x4.add(fineChroma, v128.load(scratch, GREEN_BASE)));
  return i32x4.shr_s(sum, GREEN_BITS);
}

/** One colour of two samples' four pixels each, as 0-255. */
function narrow(first: v128, second: v128): v128 {
  const both = i16x8.narrow_i32x4_s(first, second);
  return i16x8.min_s(i16x8.max_s(both, i16x8.splat(0)), i16x8.splat(255));
}

/** Colours of two samples each, 0-255, from the halves of their weighted sums. */
function sums(first: v128, second: v128): v128 {
  const total = i32x4.add(v128.shuffle<i32>(first, second, 0, 2, 4, 6), v128.shuffle<i32>(first, second, 1, 3, 5, 7));
  return i32x4.shr_s(i32x4.add(total, i32x4.splat(ROUNDING)), WEIGHT_BITS);
}

/** Writes two samples: computed in double precision, like JavaScript, and then rounded. */
function storeTwo(values: v128, scale: f64, offset: f64, out: i32): void {
  const scaled = f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(values), f64x2.splat(scale)), f64x2.splat(offset));
  v128.store_lane<u64>(out, f32x4.demote_f64x2_zero(scaled), 0);
}

/** Positions of four samples along an axis, rounded down. */
function along(start: v128, step: v128, first: v128, second: v128): v128 {
  const low = i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.add(start, f64x2.mul(first, step))));
  const high = i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.add(start, f64x2.mul(second, step))));
  return v128.shuffle<i32>(low, high, 0, 1, 4, 5);
}

/** Writes positions and weights of the samples of a strip. */
function locate(from: i32, to: i32, x: f64, y: f64, stepX: f64, stepY: f64, border: i32, scratch: i32): void {
  const none = i32x4.splat(0);
  const one = i32x4.splat(1);
  const whole = i32x4.splat(STEPS);
  const last4X = i32x4.splat(lastX);
  const last4Y = i32x4.splat(lastY);
  let places = scratch + PLACES;
  let weights = scratch + WEIGHTS;
  for (let column = from; column < to; column += 4) {
    const first = f64x2.add(f64x2.splat(f64(column)), f64x2(0, 1));
    const second = f64x2.add(f64x2.splat(f64(column)), f64x2(2, 3));
    const placeX = along(f64x2.splat(x), f64x2.splat(stepX), first, second);
    const placeY = along(f64x2.splat(y), f64x2.splat(stepY), first, second);
    let x0 = i32x4.shr_s(placeX, STEP_BITS);
    let y0 = i32x4.shr_s(placeY, STEP_BITS);
    // Weights of the left and the right, the upper and the lower pixels.
    let right = v128.and(placeX, i32x4.splat(STEPS - 1));
    let lower = v128.and(placeY, i32x4.splat(STEPS - 1));
    let left = i32x4.sub(whole, right);
    let upper = i32x4.sub(whole, lower);
    let y1 = i32x4.add(y0, one);
    if (border !== INSIDE) {
      const beforeX = i32x4.lt_s(x0, none);
      const beforeY = i32x4.lt_s(y0, none);
      const beyondX = i32x4.ge_s(x0, last4X);
      const beyondY = i32x4.ge_s(y0, last4Y);
      if (border === NEAREST) {
        left = v128.bitselect(whole, left, v128.or(beforeX, beyondX));
        upper = v128.bitselect(whole, upper, v128.or(beforeY, beyondY));
      } else {
        // For a sample right before the first pixel, that pixel is the right one; it takes the left one's place.
        const justX = i32x4.eq(x0, i32x4.splat(-1));
        const justY = i32x4.eq(y0, i32x4.splat(-1));
        left = v128.bitselect(v128.and(right, justX), left, beforeX);
        upper = v128.bitselect(v128.and(lower, justY), upper, beforeY);
        left = v128.andnot(left, i32x4.gt_s(x0, last4X));
        upper = v128.andnot(upper, i32x4.gt_s(y0, last4Y));
      }
      right = v128.andnot(right, v128.or(beforeX, beyondX));
      lower = v128.andnot(lower, v128.or(beforeY, beyondY));
      x0 = i32x4.min_s(i32x4.max_s(x0, none), last4X);
      y0 = i32x4.min_s(i32x4.max_s(y0, none), last4Y);
      y1 = i32x4.min_s(i32x4.add(y0, one), last4Y);
    }
    // They are at most 32, and their products 1024: two in the halves of 32 bits.
    const sides = v128.or(left, i32x4.shl(right, 16));
    const upperWeights = i16x8.mul(sides, v128.or(upper, i32x4.shl(upper, 16)));
    const lowerWeights = i16x8.mul(sides, v128.or(lower, i32x4.shl(lower, 16)));
    v128.store(weights, v128.shuffle<i32>(upperWeights, lowerWeights, 0, 4, 1, 5));
    v128.store(weights + 2 * WEIGHTS_BYTES, v128.shuffle<i32>(upperWeights, lowerWeights, 2, 6, 3, 7));
    weights += 4 * WEIGHTS_BYTES;

    const across = i32x4.add(i32x4.splat(luma), x0);
    const top = i32x4.add(across, i32x4.mul(y0, i32x4.splat(width)));
    const bottom = i32x4.add(across, i32x4.mul(y1, i32x4.splat(width)));
    const acrossChroma = i32x4.add(i32x4.splat(cb), i32x4.shr_s(x0, 1));
    const chromaTop = i32x4.add(acrossChroma, i32x4.mul(i32x4.shr_s(y0, 1), i32x4.splat(chromaWidth)));
    const chromaBottom = i32x4.add(acrossChroma, i32x4.mul(i32x4.shr_s(y1, 1), i32x4.splat(chromaWidth)));
    const mask = i32x4.add(i32x4.shl(v128.and(x0, one), 4), i32x4.splat(scratch));
    v128.store(places, top);
    v128.store(places, bottom, 16);
    v128.store(places, chromaTop, 32);
    v128.store(places, chromaBottom, 48);
    v128.store(places, mask, 64);
    places += PLACES_BYTES;
  }
}

/** Two pixels in each of two rows. */
function four(top: i32, bottom: i32): i32 {
  return load<u16>(top) | (load<u16>(bottom) << 16);
}

function gatherSample(places: i32, to: i32, cr: i32): void {
  const chromaTop = load<i32>(places, 32);
  const chromaBottom = load<i32>(places, 48);
  store<i32>(to, four(load<i32>(places), load<i32>(places, 16)));
  store<i32>(to, four(chromaTop, chromaBottom), 4);
  store<i32>(to, four(chromaTop + cr, chromaBottom + cr), 8);
  store<i32>(to, load<i32>(places, 64), 12);
}

/**
 * Writes the pixels around the positions of a strip. By numbers, not vectors: memory accepts more writes at once than
 * lanes can be filled.
 */
function gather(count: i32, scratch: i32): void {
  let places = scratch + PLACES;
  let to = scratch + PIXELS;
  const cr = crFromCb;
  for (let i = 0; i < count; i += 4) {
    gatherSample(places, to, cr);
    gatherSample(places + 4, to + PIXELS_BYTES, cr);
    gatherSample(places + 8, to + 2 * PIXELS_BYTES, cr);
    gatherSample(places + 12, to + 3 * PIXELS_BYTES, cr);
    places += PLACES_BYTES;
    to += 4 * PIXELS_BYTES;
  }
}

/** Mixes the colours of the gathered values, two samples at a time. */
function mix(count: i32, scale: f64, offset: f64, scratch: i32, out: i32, plane: i32): void {
  let pixels = scratch + PIXELS;
  let weights = scratch + WEIGHTS;
  for (let i = 0; i < count; i += 2) {
    const bytesA = i8x16.swizzle(v128.load(pixels), v128.load(load<i32>(pixels, 12)));
    const lumaAndCbA = i16x8.extend_low_i8x16_u(bytesA);
    const lumaA = i32x4.extend_low_i16x8_u(lumaAndCbA);
    const cbA = i32x4.extend_high_i16x8_u(lumaAndCbA);
    const crA = i32x4.extend_low_i16x8_u(i16x8.extend_high_i8x16_u(bytesA));
    const lightA = i32x4.mul(lumaA, v128.load(scratch, LIGHT));
    const bytesB = i8x16.swizzle(v128.load(pixels, PIXELS_BYTES), v128.load(load<i32>(pixels, PIXELS_BYTES + 12)));
    const lumaAndCbB = i16x8.extend_low_i8x16_u(bytesB);
    const lumaB = i32x4.extend_low_i16x8_u(lumaAndCbB);
    const cbB = i32x4.extend_high_i16x8_u(lumaAndCbB);
    const crB = i32x4.extend_low_i16x8_u(i16x8.extend_high_i8x16_u(bytesB));
    const lightB = i32x4.mul(lumaB, v128.load(scratch, LIGHT));
    const shares = v128.load(weights);
    const red = i32x4.dot_i16x8_s(
      narrow(
        mixed(lightA, crA, v128.load(scratch, RED_OF_CR), v128.load(scratch, RED_BASE)),
        mixed(lightB, crB, v128.load(scratch, RED_OF_CR), v128.load(scratch, RED_BASE)),
      ),
      shares,
    );
    const greens = i32x4.dot_i16x8_s(narrow(green(lumaA, cbA, crA, scratch), green(lumaB, cbB, crB, scratch)), shares);
    const blue = i32x4.dot_i16x8_s(
      narrow(
        mixed(lightA, cbA, v128.load(scratch, BLUE_OF_CB), v128.load(scratch, BLUE_BASE)),
        mixed(lightB, cbB, v128.load(scratch, BLUE_OF_CB), v128.load(scratch, BLUE_BASE)),
      ),
      shares,
    );
    const redAndGreen = sums(red, greens);
    const to = out + (i << 2);
    storeTwo(redAndGreen, scale, offset, to);
    storeTwo(v128.shuffle<i64>(redAndGreen, redAndGreen, 1, 1), scale, offset, to + plane);
    storeTwo(sums(blue, blue), scale, offset, to + 2 * plane);
    pixels += 2 * PIXELS_BYTES;
    weights += 2 * WEIGHTS_BYTES;
  }
}

/** Whether all pixels that a row needs are in the picture: true if those of its ends are. */
function isInside(size: i32, x: f64, y: f64, stepX: f64, stepY: f64): bool {
  const endX = x + f64(size - 1) * stepX;
  const endY = y + f64(size - 1) * stepY;
  const mostX = f64(lastX * STEPS - 1);
  const mostY = f64(lastY * STEPS - 1);
  return min(min(x, endX), min(y, endY)) >= 0 && max(x, endX) <= mostX && max(y, endY) <= mostY;
}

/**
 * Samples some rows of a grid.
 * @param size samples along a row, a multiple of 4
 * @param x, y, cos, sin of the grid
 * @param border 1 for the nearest pixel, 2 for black
 * @param scratch as filled by `writeMasks`, 11520 bytes
 * @param out the rows of red, then those of green, then those of blue
 */
export function sampleRows(
  size: i32,
  from: i32,
  to: i32,
  x: f64,
  y: f64,
  cos: f64,
  sin: f64,
  border: i32,
  scale: f64,
  offset: f64,
  scratch: i32,
  out: i32,
): void {
  const plane = (to - from) * size * 4;
  for (let index = from; index < to; index++) {
    const rowX = x - f64(index) * sin;
    const rowY = y + f64(index) * cos;
    const how = isInside(size, rowX, rowY, cos, sin) ? INSIDE : border;
    const row = out + (index - from) * size * 4;
    for (let strip = 0; strip < size; strip += STRIP) {
      const end = min(strip + STRIP, size);
      locate(strip, end, rowX, rowY, cos, sin, how, scratch);
      gather(end - strip, scratch);
      mix(end - strip, scale, offset, scratch, row + strip * 4, plane);
    }
  }
}
