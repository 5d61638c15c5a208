import { LANDMARK_NAMES } from '../model/blazepose.js';
import type { FrameResult, PersonResult } from '../model/result.js';
import { DECIMALS, type DisplaySize, rounded } from './csv-writer.js';
import type { LineFormat } from './line-format.js';

/** Version of a line's own layout; grows when a field changes its meaning. `frame-schema.ts` describes it. */
export const NDJSON_VERSION = 1;

/** One object of JSON for each frame, one on each line, with the numbers of the table. */
export function ndjsonFormat(display: DisplaySize): LineFormat {
  return {
    head: '',
    lines: result => `${JSON.stringify(frameObject(result, display))}\n`,
  };
}

function frameObject(result: FrameResult, display: DisplaySize): object {
  return {
    version: NDJSON_VERSION,
    frame_id: result.frameId,
    timestamp: rounded(result.timestamp, DECIMALS.timestamp),
    status: result.people.length === 0 ? 'missing' : result.status,
    people: result.people.map(person => personObject(person, display)),
  };
}

function personObject({ personId, status, strategy, score, pose }: PersonResult, display: DisplaySize): object {
  return {
    person_id: personId,
    status,
    strategy,
    score: rounded(score, DECIMALS.score),
    landmarks: pose.landmarks.map(({ x, y, z, visibility, confidence }, id) => {
      const world = pose.worldLandmarks[id];
      return {
        name: LANDMARK_NAMES[id],
        x: rounded(x, DECIMALS.fraction),
        y: rounded(y, DECIMALS.fraction),
        z: rounded(z, DECIMALS.fraction),
        visibility: rounded(visibility, DECIMALS.score),
        x_px: rounded(x * display.width, DECIMALS.pixels),
        y_px: rounded(y * display.height, DECIMALS.pixels),
        ...(world && {
          world_x: rounded(world.x, DECIMALS.metres),
          world_y: rounded(world.y, DECIMALS.metres),
          world_z: rounded(world.z, DECIMALS.metres),
        }),
        ...(confidence !== undefined && { confidence: rounded(confidence, DECIMALS.score) }),
      };
    }),
  };
}
