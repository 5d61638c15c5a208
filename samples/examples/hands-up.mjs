// Counts the frames in which both hands are above the head, from Node:
//   npm install --ignore-scripts ./bodyscript-*.tgz && node hands-up.mjs walk.mp4
import { analyzeVideo, BodyscriptError, LANDMARK_NAMES } from 'bodyscript';

const at = name => LANDMARK_NAMES.indexOf(name);
const [nose, left, right] = [at('nose'), at('left_wrist'), at('right_wrist')];

let frames = 0;
let raised = 0;
try {
  // Frames arrive one at a time, so memory does not grow with the video. Leaving the loop ends ffmpeg.
  for await (const { people } of analyzeVideo(process.argv[2], { people: 1, every: 2 })) {
    frames++;
    const landmarks = people[0]?.pose.landmarks;
    // y grows downwards.
    if (landmarks && Math.max(landmarks[left].y, landmarks[right].y) < landmarks[nose].y) raised++;
  }
  console.log(`${raised} of ${frames} frames with both hands up`);
} catch (error) {
  if (!(error instanceof BodyscriptError)) throw error;
  console.error(`${error.code}: ${error.message}`); // Such as INPUT_MISSING.
  process.exitCode = 1;
}
