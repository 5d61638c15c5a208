import { AngleLabels } from '../draw/angle-labels.js';
import { type ColourChoice, colourOf } from '../draw/colours.js';
import { FilmCanvas, type Layout } from '../draw/film-canvas.js';
import { type Painter, skeletonPainter } from '../draw/painter.js';
import { PersonNumbers } from '../draw/person-numbers.js';
import { Trails } from '../draw/trails.js';
import type { FilmOptions } from '../encode/video-encoder.js';
import { resultOf } from '../formats/result-of.js';
import type { TableRows } from '../formats/table-rows.js';
import type { Frame } from '../model/frame.js';
import type { YuvImage } from '../model/picture.js';
import type { FrameResult } from '../model/result.js';

/** Appearance of a film of a table and its video. */
export interface Look extends FilmOptions, Layout {
  /** Joints with lower visibility are not drawn, 0-1. */
  readonly minVisibility: number;
  /** Joints with lower confidence are not drawn, 0-1. */
  readonly minConfidence: number;
  /** Whether to write frame, time and strategy into the picture. */
  readonly labels: boolean;
  readonly colours: ColourChoice;
  /** Duration of joint trails in seconds, and their landmark ids; undefined: none. */
  readonly trails: { readonly seconds: number; readonly joints: readonly number[] } | undefined;
  /** Joint angles to write beside their joints, from `ANGLE_CHOICES`. */
  readonly angles: readonly string[];
}

/** Draws a table's contents into the frames of its video. */
export class Scene {
  readonly #rows: TableRows;
  readonly #compose: Compose;
  #matched = 0;

  private constructor(rows: TableRows, compose: Compose) {
    this.#rows = rows;
    this.#compose = compose;
  }

  /** @param size of the video's pictures in pixels @param shrink factor by which the film will be shown smaller */
  static async create(rows: TableRows, look: Look, size: PictureSize, shrink: number): Promise<Scene> {
    return new Scene(rows, await composer(look, size, shrink));
  }

  /** Frames so far with a row in the table. */
  get matched(): number {
    return this.#matched;
  }

  /**
   * The picture to show for a frame, valid until the next call or the frame's release. Frames arrive in rising order.
   * @throws BodyscriptError `TABLE_INVALID` if the table belongs to another video
   */
  async draw(frame: Frame): Promise<YuvImage> {
    const row = await this.#rows.of(frame);
    if (row) this.#matched++;
    const { frameId, timestamp } = frame;
    return this.#compose(frame.image, resultOf({ frameId, timestamp, people: row?.people ?? [] }));
  }

  /** Closes the table, whether read to its end or not. */
  async end(): Promise<void> {
    await this.#rows.end();
  }
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

type Compose = (picture: YuvImage, result: FrameResult) => YuvImage;

/** Makes a film's frame from a picture and its people. */
async function composer(look: Look, size: PictureSize, shrink: number): Promise<Compose> {
  const { minVisibility, minConfidence, labels, colours, trails, angles } = look;
  const sure = Math.max(minVisibility, minConfidence);
  const painters: Painter[] = [
    ...(trails ? [new Trails(trails.seconds, trails.joints, sure, shrink)] : []),
    await skeletonPainter(
      { minVisibility, minConfidence, labels, shrink, colourOf: colourOf(colours) },
      size.width,
      size.height,
    ),
    ...(angles.length > 0 ? [new AngleLabels(angles, sure, size, shrink)] : []),
    new PersonNumbers(shrink),
  ];
  const canvas = new FilmCanvas(look);
  return (picture, result) =>
    canvas.compose(picture, into => {
      for (const painter of painters) painter.paint(into, result);
    });
}
