/** An upright rectangle of a picture, in pixels from its top left; fractions are allowed. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where a person is: what is seen of them, within the picture. */
export interface PersonBox extends Box {
  /** 0-1, higher is surer. No probability: what a network says. */
  readonly score: number;
}
