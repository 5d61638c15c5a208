import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { helpPage, helpTopics } from '../../src/cli/help-pages.js';
import { GENERAL } from '../../src/options/general-table.js';
import { flagLayer } from '../../src/options/layers.js';
import { resolveOptions } from '../../src/options/resolve.js';
import { COMMAND_TABLES, commandOf, programFor } from '../support/help-tables.js';
import { bodyscriptCommands, inlineCode, shellCommands } from '../support/markdown.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = [
  ...helpTopics().map(topic => [`help ${topic}`, helpPage(topic)] as const),
  ...['README.md', 'CONTRIBUTING.md'].map(name => [name, readFileSync(join(ROOT, name), 'utf8')] as const),
];
/** Options of npm, Docker and Slurm that pages name by themselves. */
const OF_OTHERS = ['--prefix', '--partition', '--omit', '--ignore-scripts', '--user', '--array'];
const commands = (await programFor([])).commands.map(command => command.name());

/** The error in a command line; undefined if it is valid. */
async function faultOf(words: readonly string[]): Promise<string | undefined> {
  const isNamed = commands.includes(words[0] ?? '');
  if (words[0] === 'help') return faultOfHelp(words.slice(1));
  if (words[0] === 'jobs' && (words[1] ?? '-').startsWith('-')) return faultOf(['jobs', 'list', ...words.slice(1)]);
  if (words[0]?.startsWith('-') && !isNamed) return undefined; // Of the program itself: --version.
  const { command, rest } = await commandOf(isNamed ? words : ['analyze', ...words]);
  const { operands, unknown } = command.parseOptions(rest.filter(word => word !== '--help'));
  if (unknown.length > 0) return `no option ${unknown.join(' ')}`;
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Number.POSITIVE_INFINITY
    : command.registeredArguments.length;
  if (operands.length > most && command.name() !== 'completion') return `too many words: ${operands.join(' ')}`;
  return faultOfValues(command.name(), command.opts());
}

function faultOfHelp([topic = 'help', ...below]: readonly string[]): Promise<string | undefined> {
  if (below.length > 0) return faultOf([topic, ...below, '--help']);
  return Promise.resolve(isTopic(topic) ? undefined : `no topic ${topic}`);
}

function faultOfValues(command: string, flags: Readonly<Record<string, unknown>>): string | undefined {
  const table = COMMAND_TABLES[command];
  if (!table) return undefined;
  const values = Object.entries(flags).filter(([, value]) => !String(value).includes('$'));
  try {
    resolveOptions({ ...table, ...GENERAL }, [flagLayer(Object.fromEntries(values))]);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const isTopic = (word: string) => helpTopics().includes(word) || commands.includes(word);

/** All flags of all commands. */
async function allFlags(): Promise<Set<string>> {
  const flags = new Set(['--version', '--help']);
  for (const name of commands) {
    const { command } = await commandOf([name]);
    for (const { options } of [command, ...command.commands]) for (const { long } of options) if (long) flags.add(long);
  }
  return flags;
}

describe('commands on the help pages', () => {
  test.each(PAGES)('%s: each command in its code exists, with its options and values', async (_, page) => {
    const faults: string[] = [];
    for (const words of bodyscriptCommands(page)) {
      const fault = await faultOf(words);
      if (fault !== undefined) faults.push(`bodyscript ${words.join(' ')}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });

  test.each(PAGES)('%s: each command within a sentence exists as well', async (_, page) => {
    const typed = inlineCode(page).filter(code => /^bodyscript \w/.test(code) && !/[A-Z]{3}/.test(code));
    const faults: string[] = [];
    for (const code of typed) {
      const [words = []] = shellCommands(code);
      const fault = await faultOf(words.slice(1));
      if (fault !== undefined) faults.push(`${code}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });

  test('each option within a sentence belongs to a command', async () => {
    const flags = await allFlags();
    const known = (flag: string) => flags.has(flag) || OF_OTHERS.includes(flag);
    const unknown = PAGES.flatMap(([name, page]) =>
      inlineCode(page)
        .filter(code => /^--?\w|^bodyscript /.test(code))
        .flatMap(code => code.match(/(?<![\w-])--[a-z][a-z0-9-]*/g) ?? [])
        .filter(flag => !known(flag))
        .map(flag => `${name}: ${flag}`),
    );
    expect(unknown).toEqual([]);
  });

  test('the commands are found, and errors too', async () => {
    expect(PAGES.flatMap(([, page]) => bodyscriptCommands(page)).length).toBeGreaterThan(60);
    expect(await faultOf(['analyze', 'walk.mp4', '--mood', 'good'])).toMatch(/no option --mood/);
    expect(await faultOf(['analyze', 'walk.mp4', '--min-score', '2'])).toMatch(/--min-score must be/);
    expect(await faultOf(['jobs', 'show', 'a', 'b'])).toMatch(/too many/);
    expect(await faultOf(['help', 'quux'])).toMatch(/no topic/);
  });

  test('messages of the program name existing topics and commands', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.ts'),
    );
    const named = sources.flatMap(name => {
      const text = readFileSync(join(ROOT, 'src', name), 'utf8');
      return [...text.matchAll(/bodyscript help ([a-z-]+)/g)].map(([, topic = '']) => [name, topic] as const);
    });
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(([, topic]) => !isTopic(topic))).toEqual([]);
  });

  test('no message of the program sends people to the README', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.ts'),
    );
    const senders = sources.filter(name =>
      /(?:see|in) (?:the )?README(?! beside)/i.test(readFileSync(join(ROOT, 'src', name), 'utf8')),
    );
    expect(senders).toEqual([]);
  });
});
