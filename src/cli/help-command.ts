import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { closest } from '../options/suggest.js';
import { helpPage, helpSummary, helpTopics, withoutOptions } from './help-pages.js';
import { helpWidth } from './help-text.js';
import { wantsColor } from './log.js';
import { viewMarkdown } from './markdown-view.js';

/**
 * `bodyscript help [TOPIC] [SUBCOMMAND]`: a topic, a command, one below it, or the program and all topics. @throws
 * UsageError for another word
 */
export async function showHelp(program: Command, topic?: string, below?: string): Promise<void> {
  if (topic !== undefined && below !== undefined) {
    commandBelow(program, topic, below).outputHelp();
    return;
  }
  if (topic === undefined) {
    program.outputHelp();
    process.stdout.write(`\nTopics: bodyscript help TOPIC\n${topicLines().join('\n')}\n`);
    return;
  }
  const topics = helpTopics();
  const command = program.commands.find(other => other.name() === topic);
  if (!command && !topics.includes(topic)) throw nothingOn(topic, program, topics);
  command?.outputHelp();
  if (!topics.includes(topic)) return;
  const page = helpPage(topic);
  const shown = command ? `\n${viewMarkdown(withoutOptions(page), viewOptions())}` : viewMarkdown(page, viewOptions());
  process.stdout.write(`${shown}\n`);
}

/** `jobs list`: the command below another. @throws UsageError */
function commandBelow(program: Command, topic: string, below: string): Command {
  const command = program.commands.find(other => other.name() === topic);
  const subcommands = command?.commands ?? [];
  const found = subcommands.find(other => other.name() === below);
  if (found) return found;
  const names = subcommands.map(other => other.name());
  const near = closest(below, names);
  if (near !== undefined) throw nothing(`${topic} ${below}`, `Did you mean "bodyscript help ${topic} ${near}"?`);
  const isKnown = command !== undefined || helpTopics().includes(topic);
  if (names.length > 0) throw nothing(`${topic} ${below}`, `Commands of ${topic}: ${names.join(', ')}.`);
  throw nothing(`${topic} ${below}`, isKnown ? `Run "bodyscript help ${topic}".` : 'Give one topic or command.');
}

function topicLines(): string[] {
  const topics = helpTopics();
  const width = Math.max(...topics.map(topic => topic.length));
  return topics.map(topic => `  ${topic.padEnd(width)}  ${helpSummary(topic)}`);
}

function viewOptions() {
  const color = process.stdout.isTTY === true && wantsColor('auto', process.env);
  return { width: helpWidth(), color };
}

function nothingOn(topic: string, program: Command, topics: readonly string[]): UsageError {
  const commands = program.commands.map(other => other.name());
  const near = closest(topic, [...topics, ...commands]);
  if (near !== undefined) return nothing(topic, `Did you mean "bodyscript help ${near}"?`);
  const pages = /\p{L}{2}/u.test(topic) ? topics.filter(other => hasWord(helpPage(other), topic)) : [];
  if (pages.length === 0) return nothing(topic, `Topics: ${topics.join(', ')}. Commands: ${commands.join(', ')}.`);
  return nothing(topic, `Pages with this word: ${pages.map(page => `bodyscript help ${page}`).join(', ')}.`);
}

function nothing(topic: string, remedy: string): UsageError {
  return new UsageError(`help: no page "${topic}"`, remedy);
}

/** Whether a text contains a word, in singular or plural and any case: `cutoff`, `Excel`. */
function hasWord(text: string, word: string): boolean {
  const escaped = word.replaceAll(/[^\p{L}\p{N} ]/gu, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}s?(?![\p{L}\p{N}])`, 'iu').test(text);
}
