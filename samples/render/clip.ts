import type { Degradation } from './degrade.js';
import { bodyOf } from './figure/body.js';
import { PEOPLE, type PersonName } from './figure/people.js';
import { placeSkeleton, poseSkeleton } from './figure/skeleton.js';
import type { View } from './march/camera.js';
import type { Figure } from './march/figure-field.js';
import type { Motion } from './motions/motion.js';
import type { Scene } from './scenes/scene.js';

/** A person, their motion and their place. */
export interface Role {
  readonly person: PersonName;
  readonly motion: Motion;
  /** Position of the motion's origin on the floor, in metres. */
  readonly at: readonly [x: number, z: number];
  /** Degrees about the vertical; 0 faces the camera, 90 the picture's right edge. */
  readonly yaw: number;
}

/** A film to render. */
export interface Film {
  readonly scene: () => Scene;
  readonly camera: (t: number) => View;
  readonly roles: readonly Role[];
  /** Presentation times of the frames in seconds. */
  readonly times: readonly number[];
  /** Seconds that the shutter is open for each frame. */
  readonly shutter: number;
  /** Sides of the picture as a fraction of the usual 640x480; 1 by default. */
  readonly scale?: number;
}

/**
 * Plain detection should solve clean clips, and partly fail on hard ones. A partial clip shows only a part of the
 * person, or a side that detection knows less well; in those with several people, they get in each other's way.
 */
export const CLIP_KINDS = ['clean', 'hard', 'partial', 'several', 'container', 'empty'] as const;
export type ClipKind = (typeof CLIP_KINDS)[number];

/** A clip of the samples: a film, the degradation of its pictures, and how it is stored. */
export interface Clip {
  readonly name: string;
  /** A description for the list of samples. */
  readonly shows: string;
  readonly kind: ClipKind;
  /** The film's name: clips of the same film share its pictures. */
  readonly film: string;
  readonly degradations: readonly Degradation[];
  /** Clockwise rotation in degrees for the player; the pixels are stored rotated back. */
  readonly displayTurn?: 0 | 90;
  /** The picture was filmed upside down, and the file does not say so. */
  readonly upsideDown?: boolean;
  /** Ticks of the clip's clock per second, for times that are not multiples of a frame. */
  readonly timescale?: number;
  /** Adds a track of short beeps. */
  readonly audio?: boolean;
  /** x264's constant rate factor: larger is smaller. */
  readonly crf: number;
}

/** A steady rate of 30 frames per second. */
export const steady = (seconds: number): number[] => Array.from({ length: Math.round(seconds * 30) }, (_, i) => i / 30);

const bodies = new Map<PersonName, Figure['body']>();

function bodyFor(name: PersonName): Figure['body'] {
  const body = bodies.get(name) ?? bodyOf(PEOPLE[name]);
  bodies.set(name, body);
  return body;
}

/** The people of a film at a given time. */
export function figuresAt(film: Film, t: number): Figure[] {
  return film.roles.map(({ person, motion, at, yaw }) => {
    const skeleton = placeSkeleton(poseSkeleton(motion(t), PEOPLE[person].build), at, yaw);
    return { person: PEOPLE[person], body: bodyFor(person), skeleton };
  });
}
