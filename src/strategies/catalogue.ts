import type { Picture } from '../model/picture.js';
import type { Region } from '../model/region.js';
import type { Strategy, StrategyContext } from './strategy.js';
import { clahe } from './tone/clahe.js';
import { bilateral, enhanceEdges, gaussianBlur, halfSharpen, sharpen } from './tone/filters.js';
import { autoLevels, enhanceLower, equalizeHistogram, gamma, liftShadows, linear } from './tone/levels.js';
import type { Pixels, Tone } from './tone/pixels.js';
import { makeView, wholeFrame } from './view.js';

const smooth = gaussianBlur(5);
const contrast = clahe(3, 8);

/** Denoised before the gain, which would amplify the noise as well. */
function denoisedLevels(pixels: Pixels): void {
  smooth(pixels);
  autoLevels(pixels);
}

/** Dehazed: the range stretched, then the contrast enhanced part by part. */
function dehaze(pixels: Pixels): void {
  autoLevels(pixels);
  contrast(pixels);
}

/** Contrast enhanced part by part, and the edges that averaging softens sharpened. */
function crispContrast(pixels: Pixels): void {
  contrast(pixels);
  halfSharpen(pixels);
}

/** Tone operations by the names of their strategies; the first eleven come from the old tool. */
const TONES = {
  original: undefined,
  bright: linear(1.5, 30),
  very_bright: linear(2, 50),
  clahe: contrast,
  bilateral: bilateral(9, 75, 75),
  gaussian: smooth,
  sharpened: sharpen,
  hist_eq: equalizeHistogram,
  gamma_corrected: gamma(1.5),
  edge_enhanced: enhanceEdges,
  lower_enhanced: enhanceLower,
  auto_levels: autoLevels,
  denoised_levels: denoisedLevels,
  dehaze,
  lifted_shadows: liftShadows,
} as const satisfies Record<string, Tone | undefined>;

type ToneName = keyof typeof TONES;

/** The person's own square if known, otherwise the whole frame. */
function areaOf(frame: Picture, { region }: StrategyContext): { area: Region; holdsPerson: boolean } {
  return region ? { area: region, holdsPerson: true } : { area: wholeFrame(frame), holdsPerson: false };
}

/** The frame itself, at its own size. */
const original: Strategy = {
  name: 'original',
  view: (frame, { region }) => ({ image: frame, region, toFrame: pose => pose }),
};

function toned(name: ToneName): Strategy {
  if (name === 'original') return original;
  return { name, view: (frame, context) => makeView(frame, { ...areaOf(frame, context), tone: TONES[name] }) };
}

/** The frame, or the person's square, mirrored. */
const mirrored: Strategy = {
  name: 'mirrored',
  view: (frame, context) => makeView(frame, { ...areaOf(frame, context), mirrored: true }),
};

/** The same, with its contrast enhanced part by part. */
const mirroredClahe: Strategy = {
  name: 'mirrored_clahe',
  view: (frame, context) => makeView(frame, { ...areaOf(frame, context), mirrored: true, tone: contrast }),
};

/** The frame, or the person's square, denoised and with sharpened edges. */
function crisp(mirrored: boolean): Strategy {
  return {
    name: mirrored ? 'mirrored_crisp' : 'crisp',
    view: (frame, context) =>
      makeView(frame, { ...areaOf(frame, context), mirrored, averaged: true, tone: crispContrast }),
  };
}

/** The frame, or the person's square, rotated clockwise: for people who lie or hang, and for rotated footage. */
function turned(degrees: 90 | 180 | 270): Strategy {
  return {
    name: `turned_${degrees}`,
    view: (frame, context) => {
      const { area, holdsPerson } = areaOf(frame, context);
      return makeView(frame, { area: { ...area, rotation: area.rotation - (degrees * Math.PI) / 180 }, holdsPerson });
    },
  };
}

/** Tiles overlap by half, so that no person is cut by the edges of all of them. */
const TILE_OVERLAP = 0.5;
/**
 * A tile's side as a fraction of the frame's longer side: the detector finds people who fill at least a third of what
 * it searches.
 */
const TILE_SIDE = 0.36;

/** The number of tiles that cover a length, and the centre of one of them. */
function tileMiddle(length: number, side: number, index: number): number {
  const count = tileCount(length, side);
  return count === 1 ? length / 2 : side / 2 + (index * (length - side)) / (count - 1);
}

function tileCount(length: number, side: number): number {
  return length <= side ? 1 : Math.ceil((length - side) / (side * (1 - TILE_OVERLAP))) + 1;
}

/** Tiles for finding small people in a frame, row by row. */
export function tileAreas({ width, height }: Picture): Region[] {
  const side = TILE_SIDE * Math.max(width, height);
  const [columns, rows] = [tileCount(width, side), tileCount(height, side)];
  return Array.from({ length: columns * rows }, (_, i) => ({
    x: tileMiddle(width, side, i % columns),
    y: tileMiddle(height, side, Math.floor(i / columns)),
    size: side,
    rotation: 0,
  }));
}

/** One tile, enlarged. After the last tile `index` continues with the first. */
export function zoomed(index: number): Strategy {
  return {
    name: 'zoom',
    view: frame => {
      const areas = tileAreas(frame);
      return makeView(frame, { area: areas[index % areas.length]!, holdsPerson: false });
    },
  };
}

/** All strategies by name, except the tiles. */
export const STRATEGIES: Readonly<Record<string, Strategy>> = Object.fromEntries(
  [
    ...(Object.keys(TONES) as ToneName[]).map(toned),
    mirrored,
    mirroredClahe,
    crisp(false),
    crisp(true),
    turned(90),
    turned(180),
    turned(270),
  ].map(strategy => [strategy.name, strategy]),
);
