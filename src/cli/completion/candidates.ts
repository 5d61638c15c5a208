import type { CompletedCommand, CompletedOption, CompletedValue, CompletedWord, Paths } from './catalogue.js';

/** What may stand where the cursor is. */
export interface Candidates {
  readonly words: readonly CompletedWord[];
  /** Names of the file system that the shell offers as well. */
  readonly paths: Paths;
}

const NOTHING: CompletedValue = { words: [], isList: false, paths: 'none' };
const SHORT_FLAGS = /^-[^-]/;

/**
 * Finds what may stand in place of the last word.
 * @param words what follows the program's name, up to the cursor, without quotes; the last one may be empty
 */
export function findCandidates(program: CompletedCommand, words: readonly string[]): Candidates {
  const [first = '', ...rest] = words;
  const named = rest.length > 0 ? program.commands.find(({ name }) => name === first) : undefined;
  if (named?.name === 'help' && rest.length > 1) return belowHelp(program, rest);
  if (named) return findCandidates(named, rest);
  const standard = program.commands.find(({ name }) => name === program.standard);
  const found = ofCommand(standard ? merged(program, standard) : program, words);
  if (rest.length > 0 || first.startsWith('-')) return found;
  const commands = program.commands.map(({ name, help }) => ({ word: name, help }));
  return { words: [...beginning(commands, first), ...found.words], paths: found.paths };
}

/** `help jobs l`: the commands below one. */
function belowHelp(program: CompletedCommand, [topic, ...rest]: readonly string[]): Candidates {
  const below = program.commands.find(({ name }) => name === topic)?.commands ?? [];
  const words = below.map(({ name, help }) => ({ word: name, help }));
  return { words: rest.length === 1 ? beginning(words, rest[0] ?? '') : [], paths: 'none' };
}

/** A command that is meant where none is named has its own options there, and those of the one above. */
function merged(program: CompletedCommand, standard: CompletedCommand): CompletedCommand {
  const known = standard.options.flatMap(({ flags }) => flags);
  const others = program.options.filter(({ flags }) => !flags.some(flag => known.includes(flag)));
  return { ...standard, options: [...standard.options, ...others] };
}

function ofCommand(command: CompletedCommand, words: readonly string[]): Candidates {
  const current = words.at(-1) ?? '';
  const { waiting, isOver, given } = readFinished(command, words.slice(0, -1));
  if (waiting) return ofValue(waiting.value ?? NOTHING, current, '');
  if (!isOver && current.startsWith('-')) return ofOption(command, current);
  const last = command.arguments.at(-1);
  const argument = command.arguments[given] ?? (last?.isVariadic ? last : undefined);
  return ofValue(argument ?? NOTHING, current, '');
}

interface Finished {
  /** The option whose value comes next. */
  readonly waiting?: CompletedOption | undefined;
  /** Whether options are over: after `--` there are arguments alone. */
  readonly isOver: boolean;
  /** Number of arguments. */
  readonly given: number;
}

/** What the words before the cursor leave open. */
function readFinished(command: CompletedCommand, words: readonly string[]): Finished {
  return words.reduce<Finished>(
    ({ waiting, isOver, given }, word) => {
      if (waiting) return { isOver, given };
      if (isOver || word === '-' || !word.startsWith('-')) return { isOver, given: given + 1 };
      return word === '--' ? { isOver: true, given } : { waiting: optionThatWaits(command, word), isOver, given };
    },
    { isOver: false, given: 0 },
  );
}

/** The option of a finished word whose value is the next word: that of `--mode` and `-qo`, not of `--mode=still`. */
function optionThatWaits({ options }: CompletedCommand, word: string): CompletedOption | undefined {
  if (!SHORT_FLAGS.test(word)) return options.find(({ flags, value }) => value && flags.includes(word));
  const letters = [...word.slice(1)];
  const at = letters.findIndex(letter => options.some(({ flags, value }) => value && flags.includes(`-${letter}`)));
  return at === letters.length - 1 ? options.find(({ flags }) => flags.includes(`-${letters[at]}`)) : undefined;
}

function ofOption({ options }: CompletedCommand, current: string): Candidates {
  const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (flag !== undefined && value !== undefined) {
    const option = options.find(({ flags }) => flags.includes(flag));
    return ofValue(option?.value ?? NOTHING, value, `${flag}=`);
  }
  const all = options.flatMap(({ flags, help }) => flags.map(word => ({ word, help })));
  return { words: beginning(all, current), paths: 'none' };
}

/** @param before what stands before the value in the same word */
function ofValue({ words, isList, paths }: CompletedValue, current: string, before: string): Candidates {
  const comma = isList ? current.lastIndexOf(',') + 1 : 0;
  const earlier = current.slice(0, comma);
  const left = words.filter(({ word }) => !isList || !earlier.split(',').includes(word));
  const found = beginning(left, current.slice(comma));
  return { words: found.map(({ word, help }) => ({ word: `${before}${earlier}${word}`, help })), paths };
}

function beginning(words: readonly CompletedWord[], start: string): CompletedWord[] {
  return words.filter(({ word }) => word.startsWith(start));
}
