import * as z from '#zod';
import { parseAge, parseRate, parseSize, parseTime } from './parse-values.js';

/** The values that an option takes. */
export interface Kind<T> {
  /** Checks a value from a configuration file, and converts it for the program. */
  readonly schema: z.ZodMiniType<T>;
  /** The rule in words, after "must be". */
  readonly expected: string;
  /** Converts a text of the command line or environment into a value as in a configuration file. */
  readonly fromText: (text: string) => unknown;
  /** Words for completion: all values, or those that are words. */
  readonly choices?: readonly string[];
  /** Values that do not name a path or permit anything, unlike the others. */
  readonly inert?: readonly unknown[];
  /** Whether no message may repeat a value that is refused: it may hold a password. */
  readonly isSecret?: boolean;
}

const asText = (text: string): unknown => text;

/** Converts a numeric text to a number; the schema refuses any other text. */
function asNumber(text: string): unknown {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false, yes: true, no: false };
const asBoolean = (text: string): unknown => WORDS[text.toLowerCase()] ?? text;

/** A schema for a text that a function parses; the function throws if it cannot. */
function readBy<T>(input: z.ZodMiniType, read: (text: string) => T): z.ZodMiniType<T> {
  return z.pipe(
    input,
    z.transform((value, context) => {
      try {
        return read(String(value));
      } catch {
        context.issues.push({ code: 'custom', input: value, message: 'cannot be read' });
        return z.NEVER;
      }
    }),
  ) as unknown as z.ZodMiniType<T>;
}

const numberOrText = () => z.union([z.number(), z.string()]);

export function flag(): Kind<boolean> {
  return { schema: z.boolean(), expected: 'true or false', fromText: asBoolean, inert: [false] };
}

/** A number from 0 to 1. */
export function fraction(): Kind<number> {
  return between(0, 1);
}

export function positive(): Kind<number> {
  return { schema: z.number().check(z.gt(0)), expected: 'a number above 0', fromText: asNumber };
}

export function between(least: number, most: number): Kind<number> {
  return {
    schema: z.number().check(z.gte(least), z.lte(most)),
    expected: `a number from ${least} to ${most}`,
    fromText: asNumber,
  };
}

/** Frames per second. */
export function rate(): Kind<number> {
  return {
    schema: readBy(numberOrText(), parseRate),
    expected: 'a number above 0 or a fraction, e.g. 30 or 30000/1001',
    fromText: asText,
  };
}

/** Height from head to heel, in metres. */
export function stature(): Kind<number> {
  return {
    schema: z.number().check(z.gte(0.3), z.lte(3)),
    expected: '0.3-3 metres, e.g. 1.75',
    fromText: asNumber,
  };
}

export function whole(least: number, most?: number): Kind<number> {
  const schema = z.int().check(z.gte(least), z.lte(most ?? Number.MAX_SAFE_INTEGER));
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  return { schema, expected: `a whole number ${range}`, fromText: asNumber };
}

/** Seconds, at least 0, or `hh:mm:ss.mmm`. */
export function time(): Kind<number> {
  const read = (text: string) => {
    const seconds = parseTime('', text);
    if (seconds < 0) throw new RangeError(text);
    return seconds;
  };
  return {
    schema: readBy(numberOrText(), read),
    expected: 'a time of at least 0, e.g. 90, 1:30 or 0:01:30.5',
    fromText: asText,
  };
}

/** A time above 0, in seconds. */
export function duration(): Kind<number> {
  const read = (text: string) => {
    const seconds = parseTime('', text);
    if (seconds <= 0) throw new RangeError(text);
    return seconds;
  };
  return {
    schema: readBy(numberOrText(), read),
    expected: 'a time above 0, e.g. 90 or 1:30',
    fromText: asText,
  };
}

const SECONDS_OF_A_DAY = 86_400;

/** Duration of a part of a film, at most a day: in seconds, also as `3s`. */
export function lastingSeconds(): Kind<number> {
  const read = (text: string) => {
    const seconds = parseTime('', text);
    if (seconds < 0.001 || seconds > SECONDS_OF_A_DAY) throw new RangeError(text);
    return seconds;
  };
  return {
    schema: readBy(numberOrText(), read),
    expected: `0.001-${SECONDS_OF_A_DAY} seconds, e.g. 3 or 3s`,
    fromText: text => text.replace(/(\d)s$/, '$1'),
  };
}

/** Smaller numbers were probably meant in megabytes. */
const LEAST_SIZE_BYTES = 2 ** 20;

/** Bytes, or `512M`; at least 1M. */
export function size(): Kind<number> {
  const read = (text: string) => {
    const bytes = parseSize('', text);
    if (bytes < LEAST_SIZE_BYTES) throw new RangeError(text);
    return bytes;
  };
  return {
    schema: readBy(numberOrText(), read),
    expected: 'a size of at least 1M, e.g. 512M or 2G (a number without a unit is bytes)',
    fromText: asText,
  };
}

/** `7d`, `12h`: milliseconds. */
export function age(): Kind<number> {
  return {
    schema: readBy(z.string(), text => parseAge('', text)),
    expected: 'an age, e.g. 7d or 12h',
    fromText: asText,
  };
}

const REDIS = /^rediss?:$/;

/** A database of a Redis server: `redis://user:password@host:port/0`. */
export function redisAddress(): Kind<string> {
  const read = (text: string) => {
    const { protocol, hostname, pathname, search, hash } = new URL(text);
    const isFit = REDIS.test(protocol) && hostname !== '' && /^(\/\d{0,3})?$/.test(pathname) && search + hash === '';
    if (!isFit) throw new RangeError('not an address of Redis');
    return text;
  };
  return {
    schema: readBy(z.string(), read),
    expected: 'an address such as redis://host:6379/0 (in a password, / is %2F, ? is %3F, # is %23 and @ is %40)',
    fromText: asText,
    isSecret: true,
  };
}

/**
 * Refuses addresses (`https://...`): nothing is downloaded, and presigned ones must not be stored anywhere. Refuses
 * `~/` as well, which a shell expands only at the start of a word, not in `--out=~/results`: it would make a folder
 * called `~`, which nobody dares to remove.
 */
const NO_ADDRESS = /^(?!~(?:$|[/\\]))(?![A-Za-z][A-Za-z0-9+.-]+:\/\/)/;
/** `-` means stdout in other options: as a folder's name it would be a surprise. `./-` is one. */
const FOLDER_OR_BUCKET = /^(?!-$)(?!~(?:$|[/\\]))(?:s3:\/\/|(?![A-Za-z][A-Za-z0-9+.-]+:\/\/))/i;
const pathText = () => z.string().check(z.minLength(1), z.regex(NO_ADDRESS));

/** A file or a folder. */
export function path(): Kind<string> {
  return { schema: pathText(), expected: 'a path', fromText: asText };
}

/** A folder, or a place in a bucket: `s3://bucket/results`. */
export function folderOrBucket(): Kind<string> {
  const schema = z.string().check(z.minLength(1), z.regex(FOLDER_OR_BUCKET));
  const expected = 'the path of a folder, or s3://BUCKET/PREFIX (for stdout: --csv - or --overlay -)';
  return { schema, expected, fromText: asText };
}

/** Several of them, as a list or separated by commas. */
export function foldersOrBuckets(): Kind<string[]> {
  const { schema, expected } = folderOrBucket();
  return { schema: z.array(schema), expected, fromText: text => text.split(',') };
}

/** One of several names, or a file. */
export function nameOrFile(names: readonly string[]): Kind<string> {
  return { schema: pathText(), expected: `${names.join(', ')} or a file`, fromText: asText, inert: names };
}

/** Device paths of this process's stdout. */
const STDOUT_DEVICES: readonly string[] = ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'];

/** A file to write, `-` for stdout. */
export function outputFile(): Kind<string> {
  return { ...path(), expected: 'a file, or - for stdout', fromText: outputName };
}

function outputName(given: string): string {
  return STDOUT_DEVICES.includes(given) ? '-' : given;
}

/** A drawing to write; its suffix determines the format. */
export function plotFile(): Kind<string> {
  const schema = pathText().check(z.regex(/\.(svg|png)$/));
  return { schema, expected: 'an .svg or .png file', fromText: asText };
}

export function textList(): Kind<string[]> {
  return { schema: z.array(z.string()), expected: 'a list of texts', fromText: text => text.split(',') };
}

/** One or more of several words, as a list or separated by commas. */
export function choices<const T extends string>(words: readonly T[]): Kind<readonly T[]> {
  return {
    schema: z.array(z.enum(words)) as unknown as z.ZodMiniType<readonly T[]>,
    expected: `one or more of ${words.join(', ')}, separated by commas`,
    fromText: text => text.split(',').map(word => word.trim()),
    choices: words,
  };
}

export function matching(pattern: RegExp, expected: string): Kind<string> {
  return { schema: z.string().check(z.regex(pattern)), expected, fromText: asText };
}

export function choice<const T extends string>(choices: readonly T[]): Kind<T> {
  return { schema: z.enum(choices), expected: `one of ${choices.join(', ')}`, fromText: asText, choices };
}

/** A text that a function parses; it throws if it cannot. */
export function read<T>(reader: (text: string) => T, expected: string, words: readonly string[] = []): Kind<T> {
  return { schema: readBy(z.string(), reader), expected, fromText: asText, choices: words };
}

/** `auto`, or a value of another kind. */
export function autoOr<T>(kind: Kind<T>): Kind<T | 'auto'> {
  return {
    schema: z.union([z.literal('auto'), kind.schema]),
    expected: `auto or ${kind.expected}`,
    fromText: text => (text === 'auto' ? text : kind.fromText(text)),
    choices: ['auto', ...(kind.choices ?? [])],
  };
}

/** Destination of an output: `auto` for its default path, `-` for stdout, a file, or `false` for none. */
export function place(): Kind<string | false> {
  return {
    schema: z.union([z.literal(false), pathText()]),
    expected: 'auto, a file, or - for stdout',
    fromText: text => (asBoolean(text) === false ? false : outputName(text)),
    inert: [false, 'auto'],
  };
}

/** A value for each of several names. */
export function record(value: Kind<string>): Kind<Record<string, string>> {
  return {
    schema: z.record(z.string(), value.schema),
    expected: `a table of names, each with ${value.expected}`,
    fromText: asText,
  };
}
