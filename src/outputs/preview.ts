import { rm } from 'node:fs/promises';
import ffmpeg from 'fluent-ffmpeg';
import { GENERAL } from '../encode/encode-command.js';
import { BodyscriptError } from '../errors.js';
import { ChildProgram } from '../system/child-process.js';
import { commandArguments } from '../system/ffmpeg-command.js';
import { partialPath, publish, writePartial } from '../system/whole-file.js';
import { firstPath } from './first-path.js';
import type { Output, OutputKind, OutputState, RunContext, Taken } from './output.js';
import { OVERLAY } from './overlay.js';

interface PreviewState extends OutputState {
  /** Steady times in seconds of the file, which the overlay uses. */
  readonly firstFrame: number | undefined;
  readonly firstPerson: number | undefined;
}

const LONGER_SIDE_PX = 480;
const CRF = 26;

/**
 * Cuts some seconds from the finished overlay, starting at the first frame with a person, as a small film without
 * audio.
 */
class PreviewOutput implements Output<'pictures'> {
  readonly #path: string;
  readonly #context: RunContext;
  #firstFrame: number | undefined;
  #firstPerson: number | undefined;
  #program: ChildProgram | undefined;

  constructor(path: string, context: RunContext) {
    this.#path = path;
    this.#context = context;
    const before = context.resume as PreviewState | undefined;
    this.#firstFrame = before?.firstFrame;
    this.#firstPerson = before?.firstPerson;
  }

  get state(): PreviewState {
    return { bytes: 0, firstFrame: this.#firstFrame, firstPerson: this.#firstPerson };
  }

  write({ frame: { steady }, result: { people } }: Taken['pictures']): void {
    this.#firstFrame ??= steady.seconds;
    if (people.length > 0) this.#firstPerson ??= steady.seconds;
  }

  async finish(): Promise<void> {
    if (this.#firstFrame === undefined) return;
    await this.#context.clock.time('preview', () => this.#cut(this.#context.source()));
  }

  async publish(): Promise<readonly string[]> {
    if (this.#firstFrame === undefined) return [];
    await publish(this.#path);
    return [this.#path];
  }

  async abandon(): Promise<void> {
    await this.#program?.stop('SIGKILL');
    await rm(partialPath(this.#path), { force: true });
  }

  async #cut(source: string): Promise<void> {
    const { options, binaries } = this.#context;
    // The overlay begins at 0 with the first frame.
    const start = (this.#firstPerson ?? 0) - (this.#firstPerson === undefined ? 0 : (this.#firstFrame ?? 0));
    const command = ffmpeg()
      .input(`file:${source}`)
      .inputOptions('-f', 'mp4', '-threads', '1', '-ss', String(start))
      .output(`file:${partialPath(this.#path)}`)
      .outputOptions('-t', String(options.preview), '-map', '0:v:0', '-an', '-vf', FIT, '-c:v', 'libx264')
      .outputOptions('-preset', 'veryfast', '-crf', String(CRF), '-threads', '1', '-pix_fmt', 'yuv420p')
      .outputOptions('-movflags', '+faststart', '-f', 'mp4');
    await writePartial(this.#path, ''); // ffmpeg would follow a link.
    const complaints: string[] = [];
    await using program = new ChildProgram({
      role: 'encoder',
      file: binaries.ffmpeg.path,
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
      `${this.#path}: cannot be created (${complaints.at(-1) ?? `exit code ${code}`})`,
      {
        remedy: 'Run the same command again, or leave out --preview.',
      },
    );
  }
}

/** Scaled down, never up; with even sides. */
const FIT = `scale='if(gte(iw,ih),min(iw,${LONGER_SIDE_PX}),-2)':'if(gte(iw,ih),-2,min(ih,${LONGER_SIDE_PX}))'`;

/** Needs frames only for their exact times: a table rounds them. */
export const PREVIEW: OutputKind<'pictures'> = {
  name: 'preview',
  needs: 'pictures',
  phase: 'reads',
  resumes: true,
  decidedBy: ['preview', 'overlay'],
  after: OVERLAY,
  files: (stem, { preview }) => (preview === undefined ? [] : [{ path: `${stem}.preview.mp4`, role: 'whole' }]),
  open: async context => new PreviewOutput(firstPath(context.files), context),
};
