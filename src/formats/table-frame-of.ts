import type { FrameResult } from '../model/result.js';
import type { TableFrame, TableLandmark } from '../model/table-frame.js';
import { DECIMALS, type DisplaySize, rounded } from './csv-writer.js';

/**
 * A frame's result with the numbers as its table has them: outputs made during a run equal those made from its table
 * later.
 */
export function tableFrameOf({ frameId, timestamp, people }: FrameResult, display: DisplaySize): TableFrame {
  return {
    frameId,
    timestamp: rounded(timestamp, DECIMALS.timestamp),
    people: people.map(({ personId, status, strategy, score, pose }) => ({
      personId,
      status,
      strategy,
      score: rounded(score, DECIMALS.score),
      landmarks: pose.landmarks.map(({ x, y, z, visibility, confidence }, id): TableLandmark => {
        const world = pose.worldLandmarks[id];
        return {
          x: rounded(x, DECIMALS.fraction),
          y: rounded(y, DECIMALS.fraction),
          z: rounded(z, DECIMALS.fraction),
          visibility: rounded(visibility, DECIMALS.score),
          xPx: rounded(x * display.width, DECIMALS.pixels),
          yPx: rounded(y * display.height, DECIMALS.pixels),
          worldX: world && rounded(world.x, DECIMALS.metres),
          worldY: world && rounded(world.y, DECIMALS.metres),
          worldZ: world && rounded(world.z, DECIMALS.metres),
          confidence: confidence === undefined ? undefined : rounded(confidence, DECIMALS.score),
        };
      }),
    })),
  };
}
