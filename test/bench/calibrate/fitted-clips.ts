/** A sample to learn from, perhaps degraded first (as `degradeClip` reads it). */
export interface FittedClip {
  readonly clip: string;
  readonly degradation?: string;
}

/** The data of `npm run calibrate`: half of the samples, also blurred, dimmed and fogged. */
export const FITTED_CLIPS: readonly FittedClip[] = [
  { clip: 'wave' },
  { clip: 'walk-towards' },
  { clip: 'sit' },
  { clip: 'cartwheel' },
  { clip: 'walk-behind-pillar' },
  { clip: 'very-dark' },
  { clip: 'backlight' },
  { clip: 'upside-down' },
  { clip: 'empty-room' },
  { clip: 'far-walk' },
  { clip: 'cut-hips' },
  { clip: 'legs-only' },
  { clip: 'side-cut' },
  { clip: 'close-webcam' },
  { clip: 'from-behind' },
  { clip: 'three-people' },
  { clip: 'passer-by' },
  { clip: 'overtaking' },
  { clip: 'wave', degradation: 'blur:7' },
  { clip: 'walk-towards', degradation: 'blur:11' },
  { clip: 'sit', degradation: 'dark:0.06' },
  { clip: 'cut-hips', degradation: 'blur:7' },
  { clip: 'close-webcam', degradation: 'dark:0.08' },
  { clip: 'cartwheel', degradation: 'blur:5' },
  { clip: 'cartwheel', degradation: 'fog:0.15' },
];
