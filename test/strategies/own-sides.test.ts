import { expect, test } from 'vitest';
import { LANDMARK_IDS } from '../../src/model/body.js';
import { mirrorPose, ownSides } from '../../src/strategies/mirror.js';
import { truePose } from '../support/true-pose.js';

test("a pose of a mirrored picture gets the person's own sides, where the picture shows them", async () => {
  const pose = await truePose('wave', 5);
  const seen = mirrorPose(pose, pose.width); // A network's result for a picture stored by a selfie camera.
  const own = ownSides(seen);
  const { left_wrist, right_wrist } = LANDMARK_IDS;
  expect(own.landmarks[left_wrist]).toEqual(seen.landmarks[right_wrist]);
  for (const [id, landmark] of own.landmarks.entries())
    expect(landmark.x).toBeCloseTo(1 - (pose.landmarks[id]?.x ?? 0));
  for (const [id, { x, y, z }] of own.worldLandmarks.entries()) {
    const body = pose.worldLandmarks[id];
    expect([x, y, z]).toEqual([body?.x, body?.y, body?.z]);
  }
});
