import type { YuvImage } from '../model/picture.js';
import type { FrameResult, PersonResult } from '../model/result.js';
import type { Legend } from './legend.js';
import { loadCanvas } from './load-canvas.js';
import { drawSkeleton, type ShownJoints } from './skeleton.js';
import type { Colour } from './stroke.js';

/** Draws the people of a frame into its picture. */
export interface Painter {
  paint(image: YuvImage, result: FrameResult): void;
}

export interface SkeletonStyle extends ShownJoints {
  /** Whether to write frame, time and strategy into the picture. */
  readonly labels: boolean;
  /** One colour for a person; undefined: the sides' own. */
  readonly colourOf?: (person: PersonResult) => Colour | undefined;
}

/** Skeletons, and a legend in the corner with `labels`. @param width of the picture in pixels */
export async function skeletonPainter(style: SkeletonStyle, width: number, height: number): Promise<Painter> {
  const legend = style.labels ? await createLegend(width, height, style.shrink ?? 1) : undefined;
  return {
    paint(image, result) {
      for (const person of result.people) {
        drawSkeleton(image, person.pose, style, style.colourOf?.(person));
      }
      legend?.draw(image, legendLines(result));
    },
  };
}

async function createLegend(width: number, height: number, shrink: number): Promise<Legend> {
  const canvas = loadCanvas('--labels');
  const { Legend } = await import('./legend.js');
  return new Legend(width, height, shrink, canvas);
}

function legendLines(result: FrameResult): string[] {
  const first = result.people[0];
  const how = first ? `${result.status} by ${first.strategy}, score ${first.score.toFixed(2)}` : result.status;
  return [`frame ${result.frameId}  ${result.timestamp.toFixed(3)} s`, how];
}
