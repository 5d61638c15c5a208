import { type Clip, type Film, type Role, steady } from './clip.js';
import { PEOPLE, type PersonName } from './figure/people.js';
import type { View } from './march/camera.js';
import { cartwheel, cartwheelTravel } from './motions/cartwheel.js';
import {
  idle,
  jumpingJacks,
  pushUps,
  SEAT,
  sittingDown,
  squatting,
  turningAround,
  waving,
} from './motions/in-place.js';
import type { Motion } from './motions/motion.js';
import { SLOW, STROLL, walking } from './motions/walking.js';
import { garden } from './scenes/garden.js';
import { gym, pillar } from './scenes/gym.js';
import { backlitRoom, chair, emptyRoom, livingRoom, sofa } from './scenes/living-room.js';

const FIELD_OF_VIEW = 38;
/** A quarter of a frame: little blur, as by day. */
const SHUTTER = 1 / 120;
/** As for sports. */
const SHORT_SHUTTER = 1 / 500;

const fixed = (eye: View['eye'], target: View['target']) => (): View => ({ eye, target, fieldOfView: FIELD_OF_VIEW });
const FRONT = fixed([0, 1.2, 3.8], [0, 1, 0]);

function role(person: PersonName, motion: Motion, x = 0, z = 0, yaw = 0): Role {
  return { person, motion, at: [x, z], yaw };
}

/** Times that wander by some milliseconds, with a pause of 0.4 s: ticks of 1/600 s. */
export const WANDERING_TIMESCALE = 600;
const wandering = Array.from(
  { length: 90 },
  (_, n) => (Math.round(20 * n + 7 * Math.sin(0.7 * n)) + (n >= 60 ? 240 : 0)) / WANDERING_TIMESCALE,
);

/** The films. A clip below names the one that it shows. */
export const FILMS = {
  wave: { scene: livingRoom, camera: FRONT, roles: [role('adam', waving)], times: steady(4), shutter: SHUTTER },
  squat: { scene: gym, camera: FRONT, roles: [role('bella', squatting, 0, 0, 28)], times: steady(4), shutter: SHUTTER },
  'walk-towards': {
    scene: garden,
    camera: fixed([0.4, 1.35, 4.4], [0.05, 0.95, 0]),
    roles: [role('chidi', walking(SLOW), -0.1, -2.6, 4)],
    times: steady(4),
    shutter: SHUTTER,
  },
  'walk-behind-pillar': {
    scene: () => gym([pillar(0.1, 0.35)]),
    camera: fixed([0, 1.3, 4.6], [0, 0.95, 0]),
    roles: [role('dora', walking(STROLL), -1.75, -0.5, 90)],
    times: steady(3.6),
    shutter: SHUTTER,
  },
  cartwheel: {
    scene: gym,
    camera: t => ({
      eye: [0.3 + 0.6 * cartwheelTravel(t - 0.1), 1.2, 4.4],
      target: [cartwheelTravel(t - 0.1), 0.95, 0],
      fieldOfView: FIELD_OF_VIEW,
    }),
    roles: [role('adam', cartwheel)],
    times: steady(3.9),
    shutter: SHORT_SHUTTER,
  },
  turn: {
    scene: livingRoom,
    camera: fixed([0, 1.1, 3.5], [0, 0.8, 0]),
    roles: [role('emil', turningAround(3.9), 0, 0, 0)],
    times: steady(4),
    shutter: SHUTTER,
  },
  sit: {
    scene: () => livingRoom(chair([0, SEAT * PEOPLE.dora.build.height, -0.14])),
    camera: fixed([1.9, 1.25, 3.3], [0, 0.85, -0.1]),
    roles: [role('dora', sittingDown)],
    times: steady(4),
    shutter: SHUTTER,
  },
  'push-up': {
    scene: gym,
    camera: fixed([0.1, 0.85, 3.3], [0, 0.42, 0]),
    roles: [role('chidi', pushUps, -0.85, 0, 90)],
    times: steady(3.6),
    shutter: SHUTTER,
  },
  crossing: {
    scene: garden,
    camera: fixed([0, 1.35, 5], [0, 0.95, 0]),
    roles: [role('adam', walking(STROLL), -1.7, -0.7, 90), role('bella', walking(STROLL), 1.55, 0.35, -90)],
    times: steady(3.2),
    shutter: SHUTTER,
  },
  small: {
    scene: garden,
    camera: fixed([1.2, 1.6, 9], [0, 1.1, -12]),
    roles: [role('adam', waving, -0.6, -12, 0)],
    times: steady(4),
    shutter: SHUTTER,
  },
  backlight: { scene: backlitRoom, camera: FRONT, roles: [role('bella', waving)], times: steady(4), shutter: SHUTTER },
  'upside-down': {
    scene: () => livingRoom(sofa([1.3, 0, -1.5], [0.12, 0.2, 0.3])),
    camera: FRONT,
    roles: [role('dora', waving, -0.2, 0, 12)],
    times: steady(3.6),
    shutter: SHUTTER,
  },
  portrait: {
    scene: gym,
    camera: fixed([0.2, 1.25, 4.2], [0, 1.05, 0]),
    roles: [role('chidi', jumpingJacks)],
    times: steady(3.6),
    shutter: SHUTTER,
  },
  jacks: {
    scene: garden,
    camera: fixed([-0.3, 1.25, 4.1], [0, 1.05, 0]),
    roles: [role('bella', jumpingJacks, 0, 0, -10)],
    times: wandering,
    shutter: SHUTTER,
  },
  idle: {
    scene: () => livingRoom(sofa([-1.4, 0, -1.5], [0.3, 0.26, 0.2])),
    camera: FRONT,
    roles: [role('emil', idle, 0.2, 0.3, -20)],
    times: steady(3),
    shutter: SHUTTER,
  },
  empty: { scene: emptyRoom, camera: FRONT, roles: [], times: steady(3), shutter: SHUTTER },
} as const satisfies Record<string, Film>;

type FilmName = keyof typeof FILMS;

const clip = (name: string, film: FilmName, kind: Clip['kind'], shows: string, more: Partial<Clip> = {}): Clip => ({
  name,
  film,
  kind,
  shows,
  degradations: [],
  crf: 24,
  ...more,
});

/** All clips, in the order of the list in `samples/README.md`. */
export const CLIPS: readonly Clip[] = [
  clip('wave', 'wave', 'clean', 'a man waves, then lifts both arms; living room'),
  clip('squat', 'squat', 'clean', 'a woman does two squats, turned a little to the side; gym'),
  clip('walk-towards', 'walk-towards', 'clean', 'a tall man walks towards the camera; garden'),
  clip('turn', 'turn', 'clean', 'a child turns once around on the spot'),
  clip('sit', 'sit', 'clean', 'a heavy woman sits down on a chair and stands up, seen from the side'),
  clip('push-up', 'push-up', 'clean', 'push-ups seen from the side'),
  clip('cartwheel', 'cartwheel', 'clean', 'a cartwheel, the camera follows', { crf: 26 }),
  clip('crossing', 'crossing', 'hard', 'two people walk past each other'),
  clip('walk-behind-pillar', 'walk-behind-pillar', 'hard', 'a woman walks behind a pillar'),
  clip('small', 'small', 'hard', 'a man far away, 12 % of the picture high'),
  clip('dark', 'squat', 'hard', 'the squats in 8-bit darkness: x0.10, with noise', {
    degradations: [{ kind: 'dark', factor: 0.1, noise: 0.6 }],
    crf: 14,
  }),
  clip('very-dark', 'push-up', 'hard', 'the push-ups at x0.05, with noise', {
    degradations: [{ kind: 'dark', factor: 0.05, noise: 0.3 }],
    crf: 12,
  }),
  clip('fog', 'squat', 'hard', 'the squats in fog: contrast x0.15', {
    degradations: [{ kind: 'fog', contrast: 0.15, level: 150, noise: 0.5 }],
    crf: 14,
  }),
  clip('backlight', 'backlight', 'hard', 'a woman before a bright window', {
    degradations: [{ kind: 'crush', black: 48, white: 255 }],
  }),
  clip('motion-blur', 'cartwheel', 'hard', 'the cartwheel with a shutter open for nine frames', {
    degradations: [{ kind: 'blur', frames: 9 }],
  }),
  clip('upside-down', 'upside-down', 'hard', 'filmed with the phone upside down; the file does not say so', {
    upsideDown: true,
  }),
  clip('portrait', 'portrait', 'container', 'jumping jacks, stored on its side with a 90-degree display matrix', {
    displayTurn: 90,
  }),
  clip('variable-rate', 'jacks', 'container', 'jumping jacks with wandering times and a pause of 0.4 s', {
    timescale: WANDERING_TIMESCALE,
  }),
  clip('with-audio', 'idle', 'container', 'a child stands at ease; with an audio track', { audio: true }),
  clip('empty-room', 'empty', 'empty', 'a room with furniture, pictures and a coat stand, and nobody in it'),
];
