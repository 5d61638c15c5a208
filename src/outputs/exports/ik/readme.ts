import { IK_README_TITLE } from '../../../formats/own-exports.js';
import { counted } from '../../../text/counted.js';
import { MARKER_SET_FILE, MODEL_FILE } from './setups.js';

/** The README's facts about a person. */
export interface ReadmePerson {
  readonly name: string;
  /** Frames in the TRC, of all frames of the table. */
  readonly frames: number;
  readonly allFrames: number;
  readonly scaling: readonly [from: number, to: number];
  readonly quarterTurns: number;
  readonly factor: number;
  /** Parts of the body that keep the model's size. */
  readonly unscaled: readonly string[];
}

/** The command that scales the models and computes the joint angles of all people. */
function commandOf(people: readonly ReadmePerson[]): string {
  const steps = people.flatMap(({ name }) => [
    `opensim.ScaleTool('${name}.scale.xml').run()`,
    `opensim.InverseKinematicsTool('${name}.ik.xml').run()`,
  ]);
  return `python -c "import opensim; ${steps.join('; ')}"`;
}

function aboutPerson({ name, frames, allFrames, scaling, quarterTurns, factor, unscaled }: ReadmePerson): string {
  const [from, to] = scaling;
  const turn = quarterTurns === 0 ? 'as filmed' : `turned by ${quarterTurns * 90} degrees about the vertical`;
  const size = factor === 1 ? "the network's own metres" : `the network's metres times ${factor.toFixed(3)}`;
  const left = unscaled.length > 0 ? ` Not scaled, since not surely seen: ${unscaled.join(', ')}.` : '';
  return `- \`${name}\`: ${frames} of ${counted(allFrames, 'frame')}; scaled by ${from}-${to} s; ${turn}; ${size}.${left}`;
}

/** The README of a folder for OpenSim. */
export function readmeOf(people: readonly ReadmePerson[]): string {
  return `${IK_README_TITLE}
1. Copy \`${MODEL_FILE}\` and \`${MARKER_SET_FILE}\` into this folder. They are Pose2Sim's
   (https://github.com/perfanalytics/pose2sim, folder \`Pose2Sim/OpenSim_Setup\`, BSD-3-Clause).
2. In this folder, with OpenSim's Python package (4.4 or newer):

   \`\`\`sh
   ${commandOf(people)}
   \`\`\`

   Or in OpenSim's program: Tools, Scale Model and Inverse Kinematics, and load the set-ups there.

For each person, \`NAME.trc\` holds the markers, and \`NAME.scale.xml\` and \`NAME.ik.xml\` the set-ups. The
command writes \`NAME.osim\` (the scaled model), \`NAME.mot\` (the joint angles) and \`NAME_ik_marker_errors.sto\`.

${people.map(aboutPerson).join('\n')}

## What the markers are

- Metres; x forward, y up, z to the person's right, as the model's axes. At the frames for scaling the person
  faces x within 45 degrees, stands at x = 0, and has the feet at y = 0.
- Across the picture the markers follow its pixels, and so the pelvis moves as the person does. Depth is the
  network's, more of it where trunk or legs look shorter than they are, and counts from the hips: a way towards the camera or away from it is not in it.
- Frames in which the person is not seen have no row; a joint that is not sure has empty cells. OpenSim keeps the
  angle of such a joint where it was: do not use it.
- The mass is the model's. Give \`<mass>\` of the scaling set-up in kilograms before inverse dynamics.

One camera sees depth poorly. Film from the side; \`bodyscript help opensim\` gives the errors.
`;
}
