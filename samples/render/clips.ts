import { type Clip, type Film, type Role, steady } from './clip.js';
import { PEOPLE, type PersonName } from './figure/people.js';
import type { View } from './march/camera.js';
import { cartwheel, cartwheelTravel } from './motions/cartwheel.js';
import {
  greetingFromDesk,
  handsUp,
  lyingOnBack,
  nodding,
  since,
  talking,
  talkingToLaptop,
  wavingWhile,
} from './motions/everyday.js';
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
import { BRISK, LIMP, onTreadmill, SLOW, STROLL, walking } from './motions/walking.js';
import { garden } from './scenes/garden.js';
import { gym, pillar, treadmill } from './scenes/gym.js';
import { backlitRoom, chair, desk, emptyRoom, eveningRoom, livingRoom, sofa } from './scenes/living-room.js';

const FIELD_OF_VIEW = 38;
/** A quarter of a frame: little blur, as by day. */
const SHUTTER = 1 / 120;
/** As for sports. */
const SHORT_SHUTTER = 1 / 500;

const fixed =
  (eye: View['eye'], target: View['target'], fieldOfView = FIELD_OF_VIEW) =>
  (): View => ({ eye, target, fieldOfView });
const FRONT = fixed([0, 1.2, 3.8], [0, 1, 0]);

function role(person: PersonName, motion: Motion, x = 0, z = 0, yaw = 0): Role {
  return { person, motion, at: [x, z], yaw };
}

/** Times that vary by some milliseconds, with a pause of 0.4 s: ticks of 1/600 s. */
const WANDERING_TIMESCALE = 600;
const wandering = Array.from(
  { length: 90 },
  (_, n) => (Math.round(20 * n + 7 * Math.sin(0.7 * n)) + (n >= 60 ? 240 : 0)) / WANDERING_TIMESCALE,
);

/** Settings that the short films share: 480x360 is enough for a person who fills the picture. */
const SHORT = { shutter: SHUTTER, scale: 0.75, times: steady(1.6) } as const;
const TWO_SECONDS = { ...SHORT, times: steady(2) } as const;

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
  'cut-hips': {
    ...SHORT,
    scene: garden,
    camera: fixed([0.1, 1.32, 1.5], [0, 1.32, 0]),
    roles: [role('bella', talking)],
  },
  'cut-chest': {
    ...SHORT,
    scene: livingRoom,
    camera: fixed([-0.12, 1.62, 1.05], [0, 1.62, 0]),
    roles: [role('chidi', nodding)],
  },
  'cut-knees': {
    ...SHORT,
    scene: gym,
    camera: fixed([0, 0.98, 1.8], [0, 0.98, 0]),
    roles: [role('emil', since(0.5, waving), 0, 0, 8)],
  },
  'legs-only': {
    ...SHORT,
    scene: garden,
    camera: fixed([0, 0.55, 1.85], [0, 0.55, 0]),
    roles: [role('chidi', walking(SLOW), -0.48, -0.1, 84)],
  },
  'side-cut': {
    ...SHORT,
    scene: gym,
    camera: fixed([1.22, 0.88, 2.7], [1.22, 0.88, 0]),
    roles: [role('emil', jumpingJacks)],
  },
  'behind-desk': {
    ...SHORT,
    scene: () => livingRoom([...chair([0, SEAT, -0.14]), ...desk([0, 0, 0.42], 0.74)]),
    camera: fixed([0.28, 1.12, 1.5], [-0.08, 0.97, -0.4]),
    roles: [role('adam', greetingFromDesk)],
  },
  'close-webcam': {
    ...SHORT,
    scene: eveningRoom,
    camera: fixed([0.02, 0.98, 0.45], [0, 1.02, -0.36], 62),
    roles: [role('dora', talkingToLaptop)],
  },
  'lying-sofa': {
    ...SHORT,
    scene: () => eveningRoom(sofa([0, 0, -0.8], [0.14, 0.2, 0.3], 2.3)),
    camera: fixed([0.25, 1.35, 1.7], [0, 0.5, -1.1]),
    roles: [role('bella', lyingOnBack, 0, -1.08, 90)],
  },
  'from-behind': {
    ...SHORT,
    scene: garden,
    camera: fixed([0.3, 1.35, 4], [0, 0.98, 0]),
    roles: [role('dora', wavingWhile(walking(SLOW)), -0.1, 0.7, 172)],
  },
  'hands-up': {
    ...SHORT,
    scene: backlitRoom,
    camera: fixed([0, 1.42, 1.75], [0, 1.42, 0]),
    roles: [role('adam', handsUp)],
  },
  'three-people': {
    ...TWO_SECONDS,
    scene: gym,
    camera: fixed([0, 1.3, 4.4], [0, 0.95, 0]),
    roles: [
      role('emil', since(0.6, waving), -1.05, 0, 8),
      role('chidi', talking, 0.55, -0.3, -10),
      role('bella', walking(STROLL), 1.35, 0.5, -88),
    ],
  },
  'dressed-alike': {
    ...TWO_SECONDS,
    scene: garden,
    camera: fixed([0, 1.35, 4.6], [0, 0.95, 0]),
    roles: [role('adam', walking(STROLL), -1.05, -0.5, 90), role('finn', walking(STROLL), 1.05, 0.3, -90)],
  },
  'passer-by': {
    ...TWO_SECONDS,
    scene: livingRoom,
    camera: fixed([0, 1.25, 3.4], [0, 0.98, 0]),
    roles: [role('dora', since(0.6, waving), 0.05, 0, 0), role('chidi', walking(STROLL), -1.1, -1.5, 90)],
  },
  'enters-behind': {
    ...SHORT,
    scene: livingRoom,
    camera: fixed([0, 1.25, 3.3], [0, 0.95, 0]),
    roles: [role('adam', talking, 0, 0.2, 0), role('bella', walking(BRISK), -1.65, -0.45, 90)],
    times: steady(2.2),
  },
  overtaking: {
    ...TWO_SECONDS,
    scene: gym,
    camera: fixed([0, 1.3, 4.4], [0, 0.95, 0]),
    roles: [role('dora', walking(SLOW), -0.6, -0.4, 90), role('adam', walking(BRISK), -1.15, 0.3, 90)],
  },
  'two-at-hips': {
    ...SHORT,
    scene: eveningRoom,
    camera: fixed([0, 1.38, 1.85], [0, 1.38, 0]),
    roles: [role('bella', talking, -0.42, 0.05, 14), role('chidi', since(0.6, talking), 0.42, -0.15, -10)],
  },
  'far-walk': {
    ...TWO_SECONDS,
    scene: garden,
    camera: fixed([0.6, 1.5, 5.2], [-0.2, 1.1, -4]),
    roles: [role('bella', walking(STROLL), -1.2, -4.6, 62)],
  },
  'walk-across': {
    scene: garden,
    camera: fixed([0, 1.3, 6.2], [0, 0.9, 0]),
    roles: [role('bella', walking(STROLL), -2.25, -0.2, 90)],
    times: steady(5),
    shutter: SHUTTER,
  },
  treadmill: {
    scene: () => gym(treadmill()),
    camera: fixed([0.35, 1.15, 3.6], [-0.05, 0.93, 0]),
    roles: [role('adam', onTreadmill(LIMP), 0.1, 0, -90)],
    times: steady(5),
    shutter: SHUTTER,
    scale: 0.75,
  },
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
  clip('far-walk', 'far-walk', 'hard', 'a woman walks far away, a quarter of the picture high'),
  clip('cut-hips', 'cut-hips', 'partial', 'a woman talks with her hands, cut off at the hips'),
  clip('cut-chest', 'cut-chest', 'partial', 'head and shoulders of a man who nods and looks around'),
  clip('cut-knees', 'cut-knees', 'partial', 'a child waves, cut off at the knees'),
  clip('legs-only', 'legs-only', 'partial', 'hips and legs of a man who walks'),
  clip('side-cut', 'side-cut', 'partial', 'jumping jacks of a child whose right half is beyond the edge'),
  clip('behind-desk', 'behind-desk', 'partial', 'a man at a desk that hides hips and legs waves'),
  clip('close-webcam', 'close-webcam', 'partial', 'a woman before her laptop, hands close to the lens; lamplight'),
  clip('lying-sofa', 'lying-sofa', 'partial', 'a woman lies on a sofa; lamplight'),
  clip('from-behind', 'from-behind', 'partial', 'a woman walks away, waving, seen from behind'),
  clip(
    'hands-up',
    'hands-up',
    'partial',
    'a man before a window, cut off at the hips, whose hands leave the picture above',
  ),
  clip('three-people', 'three-people', 'several', 'a child waves, a man talks, a woman walks past before him'),
  clip('dressed-alike', 'dressed-alike', 'several', 'two men in the same clothes walk past each other'),
  clip('passer-by', 'passer-by', 'several', 'a woman waves, a man walks past behind her'),
  clip('enters-behind', 'enters-behind', 'several', 'a man stands, a woman comes in and walks behind him'),
  clip('overtaking', 'overtaking', 'several', 'a woman walks, a man overtakes her'),
  clip('two-at-hips', 'two-at-hips', 'several', 'a woman and a man talk side by side, cut off at the hips; lamplight'),
  clip('portrait', 'portrait', 'container', 'jumping jacks, stored on its side with a 90-degree display matrix', {
    displayTurn: 90,
  }),
  clip('variable-rate', 'jacks', 'container', 'jumping jacks with wandering times and a pause of 0.4 s', {
    timescale: WANDERING_TIMESCALE,
  }),
  clip('with-audio', 'idle', 'container', 'a child stands at ease; with an audio track', { audio: true }),
  clip('walk-across', 'walk-across', 'clean', 'a woman walks across the picture, seen from the side'),
  clip('treadmill', 'treadmill', 'clean', 'a man with a limp walks on a treadmill, seen from the side'),
  clip('empty-room', 'empty', 'empty', 'a room with furniture, pictures and a coat stand, and nobody in it'),
];
