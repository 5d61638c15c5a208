import pc from 'picocolors';
import type { LOG_LEVELS } from '../options/general-table.js';
import { spelledJson } from '../text/json.js';
import { forTerminal, type Lines } from '../text/terminal.js';

export type LogLevel = (typeof LOG_LEVELS)[number];

const RANK: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

export interface LogOptions {
  readonly level: LogLevel;
  readonly json: boolean;
  readonly color: boolean;
}

/** Facts that go with a message, for programs. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * What the program says on stderr: lines for people, or JSON for programs. Data never comes this way. What it is given
 * may hold names that strangers chose: here they are made safe to show, each line by itself.
 */
export class Log {
  readonly options: LogOptions;
  readonly #colors: ReturnType<typeof pc.createColors>;

  constructor(options: LogOptions) {
    this.options = options;
    this.#colors = pc.createColors(options.color);
  }

  /** Whether progress and summaries are told. */
  get isQuiet(): boolean {
    return RANK[this.options.level] < RANK.info;
  }

  /** Whether lines may be drawn over. */
  get isTerminal(): boolean {
    return process.stderr.isTTY === true && !this.options.json && !this.isQuiet;
  }

  error(message: Lines, fields?: LogFields): void {
    this.#write('error', message, fields, this.#colors.red('error:'));
  }

  /** What goes with an error and is none: told even when only errors are. */
  notice(message: Lines, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  warn(message: Lines, fields?: LogFields): void {
    this.#write('warn', message, fields, this.#colors.yellow('warning:'));
  }

  info(message: Lines, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  debug(message: Lines, fields?: LogFields): void {
    this.#write('debug', message, fields, this.#colors.dim('debug:'));
  }

  #write(level: LogLevel, message: Lines, fields: LogFields = {}, prefix?: string): void {
    if (RANK[level] > RANK[this.options.level]) return;
    if (this.options.json) {
      const time = new Date().toISOString();
      this.line(
        spelledJson({ time, level, message: typeof message === 'string' ? message : message.join('\n'), ...fields }),
      );
    } else this.line(`${prefix === undefined ? '' : `${prefix} `}${forTerminal(message)}`);
  }

  /** Puts a line where it is to be read. @param text safe to show, with colours of ours */
  protected line(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}

/** Whether stderr gets colours: https://no-color.org and https://force-color.org, unless the option says so. */
export function wantsColor(choice: 'auto' | 'always' | 'never', environment: NodeJS.ProcessEnv): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== '') return environment.FORCE_COLOR !== '0';
  return process.stderr.isTTY === true && environment.TERM !== 'dumb';
}
