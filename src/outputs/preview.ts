import { rm } from 'node:fs/promises';
import ffmpeg from 'fluent-ffmpeg';
import { GENERAL } from '../encode/encode-command.js';
import { BodyscriptError } from '../errors.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult } from '../model/result.js';
import { ChildProgram } from '../system/child-process.js';
import type { Binary } from '../system/ffmpeg-binaries.js';
import { commandArguments } from '../system/ffmpeg-command.js';
import { partialPath, publish, writePartial } from '../system/whole-file.js';
import { type Sink, type SinkState, StageClock } from './output.js';
import type { OverlaySink } from './overlay.js';

export interface PreviewJob {
  readonly path: string;
  /** Seconds. */
  readonly length: number;
  readonly ffmpeg: Binary;
}

export interface PreviewState extends SinkState {
  /** Presentation times in seconds. */
  readonly firstFrame: number | undefined;
  readonly firstPerson: number | undefined;
}

const LONGER_SIDE_PX = 480;
const CRF = 26;

/** Cuts some seconds out of the finished overlay, from the first frame with somebody, as a small film without sound. It comes after the overlay. */
export class PreviewSink implements Sink {
  readonly path: string;
  readonly after: OverlaySink;
  readonly warnings: readonly string[] = [];
  readonly #job: PreviewJob;
  readonly #clock = new StageClock();
  #firstFrame: number | undefined;
  #firstPerson: number | undefined;
  #program: ChildProgram | undefined;

  constructor(job: PreviewJob, overlay: OverlaySink, resume?: PreviewState) {
    this.path = job.path;
    this.#job = job;
    this.after = overlay;
    this.#firstFrame = resume?.firstFrame;
    this.#firstPerson = resume?.firstPerson;
  }

  get state(): PreviewState {
    return { bytes: 0, firstFrame: this.#firstFrame, firstPerson: this.#firstPerson };
  }

  get stageMs(): Readonly<Record<string, number>> {
    return this.#clock.ms;
  }

  get written(): readonly string[] {
    return this.#firstFrame === undefined ? [] : [this.path];
  }

  async write({ timestamp }: Frame, { people }: FrameResult): Promise<void> {
    this.#firstFrame ??= timestamp;
    if (people.length > 0) this.#firstPerson ??= timestamp;
  }

  async finish(): Promise<void> {
    if (this.#firstFrame === undefined) return;
    await this.#clock.time('preview', () => this.#cut(this.after.finishedFile));
  }

  async publish(): Promise<void> {
    if (this.#firstFrame !== undefined) await publish(this.path);
  }

  async abort(): Promise<void> {
    await this.#program?.stop('SIGKILL');
    await rm(partialPath(this.path), { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program?.stop('SIGKILL');
  }

  async #cut(source: string): Promise<void> {
    const { length, ffmpeg: binary } = this.#job;
    // The overlay begins at 0 with the first frame.
    const start = (this.#firstPerson ?? 0) - (this.#firstPerson === undefined ? 0 : (this.#firstFrame ?? 0));
    const command = ffmpeg()
      .input(`file:${source}`)
      .inputOptions('-f', 'mp4', '-threads', '1', '-ss', String(start))
      .output(`file:${partialPath(this.path)}`)
      .outputOptions('-t', String(length), '-map', '0:v:0', '-an', '-vf', FIT, '-c:v', 'libx264')
      .outputOptions('-preset', 'veryfast', '-crf', String(CRF), '-threads', '1', '-pix_fmt', 'yuv420p')
      .outputOptions('-movflags', '+faststart', '-f', 'mp4');
    await writePartial(this.path, ''); // ffmpeg would follow a link.
    const complaints: string[] = [];
    await using program = new ChildProgram({
      role: 'encoder',
      file: binary.path,
      args: ['-nostdin', ...GENERAL.filter(option => option !== '-copyts'), ...commandArguments(command)],
      onStderrLine: line => complaints.push(line),
      stdin: 'ignore',
      stdout: 'ignore',
    });
    this.#program = program;
    const { code } = await program.exited;
    if (code === 0) return;
    throw new BodyscriptError(
      'ENCODER_FAILED',
      `${this.path}: cannot be made (${complaints.at(-1) ?? `code ${code}`})`,
      {
        remedy: 'Run it again, or do without --preview.',
      },
    );
  }
}

/** Smaller, never larger; with even sides. */
const FIT = `scale='if(gte(iw,ih),min(iw,${LONGER_SIDE_PX}),-2)':'if(gte(iw,ih),-2,min(ih,${LONGER_SIDE_PX}))'`;
