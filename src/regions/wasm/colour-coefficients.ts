import type { YuvMatrix } from '../../model/picture.js';

/**
 * Integers that give the same red, green and blue as the tables of `model/picture.ts`, for all luma and chroma: found
 * by trying all 65536 pairs (the tables' own formulas in 2^20ths, with bases in the middle of what fits).
 */
export interface ColourCoefficients {
  /** Red is `(light * luma + redOfCr * cr + redBase) >> LIGHT_BITS`, clamped to 0-255, and blue the same of cb. */
  readonly light: number;
  readonly redOfCr: number;
  readonly redBase: number;
  readonly blueOfCb: number;
  readonly blueBase: number;
  /**
   * `greenOfLuma` of the tables, without `greenBase`: `luma * greenOfLuma + ((luma * greenOfLumaFine +
   * greenOfLumaFineBase) >> GREEN_LUMA_FINE_BITS)`.
   */
  readonly greenOfLuma: number;
  readonly greenOfLumaFine: number;
  readonly greenOfLumaFineBase: number;
  /**
   * `greenOfChroma`: `cb * greenOfCb + cr * greenOfCr`, and the same of the fine ones with their base, `>>
   * GREEN_CHROMA_FINE_BITS`.
   */
  readonly greenOfCb: number;
  readonly greenOfCr: number;
  readonly greenOfCbFine: number;
  readonly greenOfCrFine: number;
  readonly greenFineBase: number;
  /** The difference between the sum of both and 2^16ths of green. */
  readonly greenBase: number;
}

export const LIGHT_BITS = 20;
export const GREEN_LUMA_FINE_BITS = 16;
export const GREEN_CHROMA_FINE_BITS = 22;

export const COLOUR_COEFFICIENTS: Readonly<Record<YuvMatrix, ColourCoefficients>> = {
  bt601: {
    light: 1_220_945,
    redOfCr: 1_673_555,
    redBase: -233_225_910,
    blueOfCb: 2_115_223,
    blueBase: -289_759_414,
    greenOfLuma: 76_309,
    greenOfLumaFine: 2_693,
    greenOfLumaFineBase: 55_244,
    greenBase: 8_917_935,
    greenOfCb: -25_675,
    greenOfCr: -53_279,
    greenOfCbFine: 1_956_880,
    greenOfCrFine: 1_477_531,
    greenFineBase: -437_507_457,
  },
  bt709: {
    light: 1_220_945,
    redOfCr: 1_879_826,
    redBase: -259_628_598,
    blueOfCb: 2_215_014,
    blueBase: -302_532_662,
    greenOfLuma: 76_309,
    greenOfLumaFine: 2_693,
    greenOfLumaFineBase: 55_244,
    greenBase: 5_071_151,
    greenOfCb: -13_976,
    greenOfCr: -34_925,
    greenOfCbFine: 2_259_954,
    greenOfCrFine: 1_066_374,
    greenFineBase: -423_672_833,
  },
};
