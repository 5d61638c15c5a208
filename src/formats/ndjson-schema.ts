import * as z from '#zod';
import { LANDMARK_NAMES } from '../model/blazepose.js';
import { FRAME_STATUSES } from '../model/result.js';
import { NDJSON_VERSION } from './ndjson-writer.js';

const described = <T extends z.ZodMiniType>(schema: T, description: string): T => {
  z.globalRegistry.add(schema, { description });
  return schema;
};
const number = (description: string) => described(z.number(), description);
const fraction = (description: string) => described(z.number().check(z.gte(0), z.lte(1)), description);

const LANDMARK = z.strictObject({
  name: z.enum(LANDMARK_NAMES),
  x: number("fraction of the picture's width, 0 at its left edge; outside 0-1 where the joint is outside"),
  y: number("fraction of the picture's height, 0 at its top edge"),
  z: number('depth in the scale of x, 0 at the hips, smaller is nearer'),
  visibility: fraction('likelihood that it is in the picture and not hidden'),
  x_px: number('pixels of the displayed picture'),
  y_px: number('pixels of the displayed picture'),
  world_x: z.optional(number('metres, 0 at the hips, to the right of the picture')),
  world_y: z.optional(number('metres, 0 at the hips, down')),
  world_z: z.optional(number('metres, 0 at the hips, away from the camera')),
  confidence: z.optional(fraction('probability that it lies within 0.2 torso lengths of its true place')),
});

const PERSON = z.strictObject({
  person_id: described(z.int().check(z.gte(0)), 'the same for the same person over the video'),
  status: z.enum(FRAME_STATUSES.filter(status => status !== 'missing') as ['detected', 'tracked', 'filled']),
  strategy: described(z.string(), 'name of the strategy that found the pose'),
  score: fraction('probability that the pose is right'),
  landmarks: described(z.array(LANDMARK).check(z.length(LANDMARK_NAMES.length)), 'by landmark id'),
});

/** A line of `--ndjson`. */
export const FRAME_SCHEMA = z.strictObject({
  version: z.literal(NDJSON_VERSION),
  frame_id: described(z.int().check(z.gte(0)), '0-based index of the decoded frame'),
  timestamp: number("the frame's own presentation time in seconds"),
  status: z.enum(FRAME_STATUSES as ['detected', 'tracked', 'missing', 'filled']),
  people: described(z.array(PERSON), 'empty where nobody was found'),
});
