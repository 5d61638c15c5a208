import type { RecordedFile } from '../model/run-record.js';
import { failuresOf, settleAll } from '../system/settle.js';
import type { Output, OutputKind, OutputState, RunContext, Taken } from './output.js';
import type { PlannedOutput } from './planned-outputs.js';
import { StageClock } from './stage-clock.js';

/** The settings of outputs, except those that the set itself adds. */
export type SetContext = Omit<RunContext, 'files' | 'clock' | 'resume' | 'source'>;
/** The same, for outputs that need only the table. */
export type TableSetContext = Pick<SetContext, 'options' | 'stem' | 'display' | 'minConfidence' | 'cycles'>;

/** A frame of an analysis with all its data; for a frame of a table, the table's data. */
type Handed = Pick<Taken, 'table'> & Partial<Taken>;

interface OpenOutput {
  readonly kind: OutputKind;
  readonly output: Output;
  readonly clock: StageClock;
  /** Frames that it began with; undefined: it holds none back. */
  readonly begunWith: number | undefined;
}

/**
 * The open outputs of one run: written, finished, published and abandoned together. Disposing of it closes those still
 * open.
 */
export class OutputSet implements AsyncDisposable {
  readonly #open: OpenOutput[] = [];
  readonly #published: Pick<RecordedFile, 'output' | 'path'>[] = [];
  #isOver = false;

  private constructor() {}

  /**
   * Opens outputs in order. If one cannot be opened, those before it are closed.
   * @param states by kind, for a continued run; undefined: all begin at the beginning
   * @throws BodyscriptError `OUTPUT_NOT_WRITABLE`
   */
  static async open(
    planned: readonly PlannedOutput[],
    context: SetContext,
    states?: ReadonlyMap<string, OutputState>,
  ): Promise<OutputSet> {
    return OutputSet.#openAll(planned, context, states);
  }

  /** Opens outputs that need only the table. @throws TypeError for any other */
  static async openForTable(planned: readonly PlannedOutput[], context: TableSetContext): Promise<OutputSet> {
    const other = planned.find(({ kind }) => kind.needs !== 'table');
    if (other) throw new TypeError(`${other.kind.name} cannot be made of a table`);
    return OutputSet.#openAll(planned, context as SetContext, undefined);
  }

  static async #openAll(
    planned: readonly PlannedOutput[],
    context: SetContext,
    states: ReadonlyMap<string, OutputState> | undefined,
  ): Promise<OutputSet> {
    const set = new OutputSet();
    try {
      for (const { kind, files } of planned) {
        const clock = new StageClock();
        const resume = kind.resumes ? states?.get(kind.name) : undefined;
        const source = () => set.#finishedFile(kind.after) ?? sourceOf(kind, context);
        const output = await kind.open({ ...context, files, clock, resume, source });
        set.#open.push({ kind, output, clock, begunWith: resume?.frames });
      }
      return set;
    } catch (error) {
      await set.abandon();
      throw error;
    }
  }

  /**
   * Passes a frame to all outputs: those that read its picture finish first, then those that paint into it paint, one
   * after another.
   */
  async write(taken: Handed): Promise<void> {
    await this.#write(taken, this.#open);
  }

  /** Passes a frame of a table to the outputs without state, for a continued run. */
  async remake(table: Taken['table']): Promise<void> {
    for (const open of this.#open) if (!open.kind.resumes) await writeTo(open, { table });
  }

  /**
   * Passes a frame again to outputs whose files did not include it when an earlier run ended.
   * @param index number of frames before it
   */
  async redo(taken: Handed, index: number): Promise<void> {
    const behind = this.#open.filter(({ begunWith = Number.POSITIVE_INFINITY }) => begunWith <= index);
    await this.#write(taken, behind);
  }

  async #write(taken: Handed, outputs: readonly OpenOutput[]): Promise<void> {
    const phase = (name: OutputKind['phase']) => outputs.filter(({ kind }) => kind.phase === name);
    const [failure] = await failuresOf(phase('reads').map(open => writeTo(open, taken)));
    if (failure !== undefined) throw failure;
    for (const open of phase('paints')) await writeTo(open, taken);
  }

  /** By kind: the content of a checkpoint. */
  get states(): ReadonlyMap<string, OutputState> {
    const states = new Map<string, OutputState>();
    for (const { kind, output } of this.#open) if (output.state) states.set(kind.name, output.state);
    return states;
  }

  get warnings(): readonly string[] {
    return this.#open.flatMap(({ output }) => output.warnings ?? []);
  }

  get record(): NonNullable<Output['record']> {
    return Object.assign({}, ...this.#open.map(({ output }) => output.record ?? {}));
  }

  /** Milliseconds by stage. */
  get stageMs(): Readonly<Record<string, number>> {
    const sum = new StageClock();
    for (const { clock } of this.#open) sum.addAll(clock.ms);
    return sum.ms;
  }

  /** Completes files in parallel: while ffmpeg finishes the overlay, this process draws. */
  async finish(): Promise<void> {
    const finished = new Map<OutputKind, Promise<void>>();
    for (const { kind, output, clock } of this.#open) {
      const before = kind.after && finished.get(kind.after);
      const finish = () => timed(kind, clock, () => output.finish());
      finished.set(kind, Promise.resolve(before).then(finish));
    }
    await settleAll(finished.values());
  }

  /** @returns the final names; a folder of files ends with a slash */
  async publish(): Promise<readonly string[]> {
    for (const { kind, output } of this.#open) {
      for (const path of await output.publish()) this.#published.push({ output: kind.name, path });
    }
    this.#isOver = true;
    return this.#published.map(({ path }) => path);
  }

  /** The files with their final names, with the kind that made them. */
  get published(): readonly Pick<RecordedFile, 'output' | 'path'>[] {
    return this.#published;
  }

  /** Stops early: closes all outputs, whatever fails. Safe to call twice. @returns the failures */
  async abandon(): Promise<unknown[]> {
    this.#isOver = true;
    return failuresOf(this.#open.map(async ({ output }) => output.abandon()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) await this.abandon();
  }

  #finishedFile(kind: OutputKind | undefined): string | undefined {
    return this.#open.find(open => open.kind === kind)?.output.finishedFile;
  }
}

/** The file of an output that an earlier run finished. */
function sourceOf({ after }: OutputKind, { stem, options }: TableSetContext): string {
  const path = after?.files(stem, options)[0]?.path;
  if (path === undefined) throw new TypeError('an output asks for a source and names no kind that it comes after');
  return path;
}

async function writeTo({ kind, output, clock }: OpenOutput, taken: Handed): Promise<void> {
  const part = taken[kind.needs];
  if (part === undefined) throw new TypeError(`${kind.name} needs ${kind.needs}, which a table does not hold`);
  await timed(kind, clock, () => output.write(part));
}

async function timed(kind: OutputKind, clock: StageClock, work: () => Promise<void> | void): Promise<void> {
  await (kind.stage === undefined ? work() : clock.time(kind.stage, work));
}
