import { type Painter, skeletonPainter } from '../draw/painter.js';
import { type NumbersState, PersonNumbers } from '../draw/person-numbers.js';
import { shrinkage } from '../encode/film-size.js';
import { type FilmState, VideoEncoder } from '../encode/video-encoder.js';
import { firstPath } from './first-path.js';
import type { Output, OutputKind, RunContext, Taken } from './output.js';
import type { StageClock } from './stage-clock.js';
import type { OverlayOptions } from './wanted-outputs.js';

interface OverlayState extends FilmState {
  readonly numbers: NumbersState;
}

/** Draws the people into each frame and encodes the frames as a film, which a later run can continue. */
class OverlayOutput implements Output<'pictures'> {
  readonly #painter: Painter;
  readonly #numbers: PersonNumbers;
  readonly #film: VideoEncoder;
  readonly #clock: StageClock;

  private constructor(painter: Painter, numbers: PersonNumbers, film: VideoEncoder, clock: StageClock) {
    this.#painter = painter;
    this.#numbers = numbers;
    this.#film = film;
    this.#clock = clock;
  }

  static async create(path: string, style: OverlayOptions, context: RunContext): Promise<OverlayOutput> {
    const { video, size, sound, binaries, clock } = context;
    const shrink = shrinkage(size, style.longest);
    const painter = await skeletonPainter({ ...style, shrink }, size.width, size.height);
    const resume = context.resume as OverlayState | undefined;
    const job = { path, video, ...size, audio: sound, ...binaries };
    const film = await VideoEncoder.create(job, style, resume);
    return new OverlayOutput(painter, new PersonNumbers(shrink, resume?.numbers), film, clock);
  }

  get warnings(): readonly string[] {
    return this.#film.warnings;
  }

  get state(): OverlayState {
    return { ...this.#film.state, numbers: this.#numbers.state };
  }

  get finishedFile(): string {
    return this.#film.finishedFile;
  }

  async write({ frame, result }: Taken['pictures']): Promise<void> {
    await this.#clock.time('draw', () => {
      this.#painter.paint(frame.image, result);
      this.#numbers.paint(frame.image, result);
    });
    await this.#clock.time('encode', () => this.#film.encode(frame));
  }

  async finish(): Promise<void> {
    if (this.#film.frames === 0) return this.#film.finish(); // Nothing is encoded, so no time is counted.
    await this.#clock.time('encode', () => this.#film.finish());
  }

  async publish(): Promise<readonly string[]> {
    await this.#film.publish();
    return [this.#film.path];
  }

  async abandon(): Promise<void> {
    await this.#film.abort();
  }
}

export const OVERLAY: OutputKind<'pictures'> = {
  name: 'overlay',
  needs: 'pictures',
  phase: 'paints',
  resumes: true,
  decidedBy: ['overlay'],
  files: (stem, { overlay }) => {
    if (!overlay) return [];
    const { to } = overlay;
    return [
      to === 'auto' ? { path: `${stem}.overlay.mp4`, role: 'grows' } : { path: to, role: 'grows', option: 'overlay' },
    ];
  },
  open: context => OverlayOutput.create(firstPath(context.files), context.options.overlay as OverlayOptions, context),
};
