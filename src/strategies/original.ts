import type { Strategy } from './strategy.js';

/** The frame as it is. */
export const original: Strategy = {
  name: 'original',
  view: frame => ({ image: frame.image, toFrame: pose => pose }),
};
