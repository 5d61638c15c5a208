import type { FrameResult } from '../model/result.js';
import { DECIMALS, type DisplaySize, fixed } from '../sinks/csv-rows.js';
import type { TableFrame, TableLandmark } from '../tables/landmark-frame.js';

const told = (value: number, decimals: number) => Number(fixed(value, decimals));

/** A frame's result with the numbers that its table tells: what follows a run comes to the same as what reads its table later. */
export function toldFrame({ frameId, timestamp, people }: FrameResult, display: DisplaySize): TableFrame {
  return {
    frameId,
    timestamp: told(timestamp, DECIMALS.timestamp),
    people: people.map(({ personId, status, strategy, score, pose }) => ({
      personId,
      status,
      strategy,
      score: told(score, DECIMALS.score),
      landmarks: pose.landmarks.map(({ x, y, z, visibility }, id): TableLandmark => {
        const world = pose.worldLandmarks[id];
        return {
          x: told(x, DECIMALS.fraction),
          y: told(y, DECIMALS.fraction),
          z: told(z, DECIMALS.fraction),
          visibility: told(visibility, DECIMALS.score),
          xPx: told(x * display.width, DECIMALS.pixels),
          yPx: told(y * display.height, DECIMALS.pixels),
          worldX: world && told(world.x, DECIMALS.metres),
          worldY: world && told(world.y, DECIMALS.metres),
          worldZ: world && told(world.z, DECIMALS.metres),
        };
      }),
    })),
  };
}
