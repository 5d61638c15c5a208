import { BodyscriptError, EXIT_CODES, systemErrorCode } from '../errors.js';
import { type GrowingOutput, outputError, STDOUT } from './whole-file.js';

/** Errors that mean that the reader has gone. */
const READER_GONE: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET'];

/** The reader of our stdout has seen enough (`| head`): the run ends, which is not a failure. */
class ReaderGoneError extends BodyscriptError {
  override readonly name = 'ReaderGoneError';
  constructor(cause: unknown) {
    super('READER_GONE', 'the reader of stdout has ended', { cause, exitCode: EXIT_CODES.done });
  }
}

/** This process's stdout as an output: a write settles when the reader has room again, so no data piles up here. */
export class StandardOutput implements GrowingOutput {
  readonly path = STDOUT;
  readonly isStream = true;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  async append(content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(bytes, error => (error ? reject(asOurs(error)) : resolve()));
    });
    this.#bytes += bytes.length;
  }

  async close(): Promise<void> {}

  async publish(): Promise<void> {}

  async remove(): Promise<void> {}
}

/** Whether an error of stdout means only that the reader has gone. */
export function isReaderGone(error: unknown): boolean {
  return READER_GONE.includes(systemErrorCode(error));
}

function asOurs(error: Error): BodyscriptError {
  return isReaderGone(error) ? new ReaderGoneError(error) : outputError('stdout', error);
}
