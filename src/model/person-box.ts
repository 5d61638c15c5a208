/** An upright rectangle of a picture, in pixels from its top left; fractions are allowed. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The box of a person's visible part, within the picture. */
export interface PersonBox extends Box {
  /** 0-1, higher is more certain. Not a probability, but a network's score. */
  readonly score: number;
}
