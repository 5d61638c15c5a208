import pc from 'picocolors';
import type { LOG_LEVELS } from '../options/general-table.js';
import { spelledJson } from '../text/json.js';
import { liveLines } from './live-lines.js';
import { type Message, plainText, STATE_PAINT, type StyledLine, shown } from './styled.js';

export type LogLevel = (typeof LOG_LEVELS)[number];

const RANK: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

export interface LogOptions {
  readonly level: LogLevel;
  readonly json: boolean;
  readonly color: boolean;
  /** Whether lines for people on stdout have colours. */
  readonly colorStdout: boolean;
}

/** Facts about a message, for programs. */
export type LogFields = Readonly<Record<string, unknown>>;

const STATUS_COLUMNS = 8; // "interrupted" is rare, and may be longer.

/**
 * The program's messages on stderr: lines for people, or JSON for programs. Data never passes here. Messages may
 * contain names chosen by strangers: each line is made safe to show here.
 */
export class Log {
  readonly options: LogOptions;
  readonly #colors: ReturnType<typeof pc.createColors>;

  constructor(options: LogOptions) {
    this.options = options;
    this.#colors = pc.createColors(options.color);
  }

  /** Whether progress and summaries are left out. */
  get isQuiet(): boolean {
    return RANK[this.options.level] < RANK.info;
  }

  /** Whether only what was asked for and errors are said, on stdout too. */
  get isSilent(): boolean {
    return this.options.level === 'error';
  }

  /** Whether lines may change in place. */
  get isTerminal(): boolean {
    return process.stderr.isTTY === true && process.env.TERM !== 'dumb' && !this.options.json && !this.isQuiet;
  }

  error(message: Message, fields?: LogFields): void {
    this.#write('error', message, fields, this.#colors.red('error:'));
  }

  /** What belongs to an error: shown even where only errors are. */
  notice(message: Message, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  warn(message: Message, fields?: LogFields): void {
    this.#write('warn', message, fields, this.#colors.yellow('warning:'));
  }

  info(message: Message, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  debug(message: Message, fields?: LogFields): void {
    this.#write('debug', message, fields, this.#colors.dim('debug:'));
  }

  /** How one video of many ended: the status as first word, in its colour. */
  status(status: keyof typeof STATE_PAINT, line: string | StyledLine, fields?: LogFields): void {
    const spans = typeof line === 'string' ? [line] : line.spans;
    const word = { text: status.padEnd(STATUS_COLUMNS), paint: STATE_PAINT[status] };
    const start = this.options.json ? [`${status}: `] : [word, ' '];
    this.#write(status === 'failed' ? 'error' : 'info', [{ spans: [...start, ...spans] }], fields);
  }

  #write(level: LogLevel, message: Message, fields: LogFields = {}, prefix?: string): void {
    if (RANK[level] > RANK[this.options.level]) return;
    if (this.options.json) {
      const time = new Date().toISOString();
      writeLine(spelledJson({ time, level, message: plainText(message), ...fields }));
    } else {
      const text = shown(message, this.options.color);
      writeLine(prefix === undefined ? text : `${prefix} ${text}`);
    }
  }
}

/** @param text safe to show, with colours of ours */
function writeLine(text: string): void {
  liveLines.print(() => process.stderr.write(`${text}\n`));
}

/** Whether a stream gets colours: https://no-color.org and https://force-color.org, unless the option says so. */
export function wantsColor(
  choice: 'auto' | 'always' | 'never',
  environment: NodeJS.ProcessEnv,
  { isTTY }: { readonly isTTY?: boolean } = process.stderr,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== '') return environment.FORCE_COLOR !== '0';
  return isTTY === true && environment.TERM !== 'dumb';
}
