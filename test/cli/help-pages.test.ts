import { describe, expect, test } from 'vitest';
import { helpPage, helpSummary, helpTopics } from '../../src/cli/help-pages.js';
import { viewMarkdown } from '../../src/cli/markdown-view.js';
import { ERROR_CODES } from '../../src/error-codes.js';
import { EXIT_CODES } from '../../src/errors.js';
import { CSV_COLUMNS, WIDE_CSV_COLUMNS } from '../../src/formats/csv-writer.js';
import { USUAL_CONFIDENCE } from '../../src/formats/export-facts.js';
import { EXPORT_FORMATS } from '../../src/formats/export-formats.js';
import { motionHead } from '../../src/postprocess/motion-format.js';
import { MODE_NAMES, MODES } from '../../src/strategies/modes.js';
import { codeBlocks, linksIn, rowsIn } from '../support/markdown.js';
import { runCli } from '../support/run-cli.js';

const rowsOf = (topic: string) => rowsIn(helpPage(topic));
/** Width left for names of topics in an 80-column list. */
const LONGEST_SUMMARY = 67;
/** Sequences that only a terminal understands. */
const ESCAPE = '\u001b';

describe('the pages of src/help/', () => {
  test('exports lists each format, and the confidence from which joints are exported', () => {
    const formats = [...rowsOf('exports').keys()].flatMap(names => names.split(', '));
    expect(formats).toEqual(expect.arrayContaining([...EXPORT_FORMATS]));
    expect(helpPage('exports')).toContain(`\`--min-confidence\`, ${USUAL_CONFIDENCE} if not given`);
  });

  test('every topic in a message exists', () => {
    expect(helpTopics()).toEqual(expect.arrayContaining(['angles', 'config', 'csv', 'exit-codes', 'modes', 'pipes']));
  });

  test.each(helpTopics())('%s has a title, then a summary of one line, and no line of code too long', topic => {
    const text = helpPage(topic);
    expect(text).toMatch(/^# \S.*\n\n\S.*\n\n/);
    expect(helpSummary(topic).length).toBeLessThanOrEqual(LONGEST_SUMMARY);
    const lines = codeBlocks(text).flatMap(({ code }) => code.split('\n'));
    expect(lines.filter(line => line.length > 98)).toEqual([]);
    expect(text.split('```').length % 2).toBe(1);
  });

  test.each(helpTopics())(
    '"bodyscript help %s" shows it, in 80 columns of a pipe, without a code that acts',
    async topic => {
      const { code, stdout, stderr } = await runCli(['help', topic], { env: { FORCE_COLOR: '1' } });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toContain(ESCAPE);
      expect(stdout).not.toMatch(/^(#|\||```)|^(?! {2}).*\]\(/m);
      const title = /^# (.*)$/m.exec(helpPage(topic))?.[1];
      expect(stdout.split('\n')).toContain(title);
      expect(stdout.split('\n').filter(line => line.length > 80 && !line.startsWith('  '))).toEqual([]);
    },
  );

  test.each([
    ['Excel', ['csv', 'exports', 'study']],
    ['cite', ['study']],
    ['cutoff', ['study']],
  ])('"bodyscript help %s", which is no page, names the pages that have the word', async (word, pages) => {
    const { code, stderr } = await runCli(['help', word]);
    expect(code).toBe(2);
    expect(stderr).toContain(`no page "${word}"`);
    for (const page of pages) expect(stderr).toContain(`bodyscript help ${page}`);
  });

  test.each(['(', 'quux', '.*'])('"bodyscript help %s" lists everything', async word => {
    const { code, stderr } = await runCli(['help', word]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`Topics: ${helpTopics().join(', ')}. Commands: `)]);
  });

  test('csv lists each column of motion', () => {
    const columns = [...rowsOf('csv').keys()].flatMap(names => names.split(', '));
    expect(columns).toEqual(expect.arrayContaining(motionHead().trimEnd().split(',')));
  });

  test('"bodyscript help" lists each with its summary', async () => {
    const { stdout } = await runCli(['help']);
    for (const topic of helpTopics())
      expect(stdout.split('\n').map(line => line.replace(/ {2,}/g, ' ').trim())).toContain(
        `${topic} ${helpSummary(topic)}`,
      );
  });

  test.each(helpTopics())('%s links to existing topics', topic => {
    const linked = linksIn(helpPage(topic)).filter(target => !target.startsWith('https:'));
    expect(linked.filter(target => !helpTopics().includes(target.replace(/\.md$/, '')))).toEqual([]);
  });

  test('errors lists each code, with its meaning and remedy, and no other code', () => {
    const codes = Object.keys(ERROR_CODES);
    const rows = [...rowsOf('errors')].filter(([code]) => /^[A-Z_]+$/.test(code));
    expect(rows.map(([code]) => code).sort()).toEqual(codes.sort());
    for (const [, rest] of rows) expect(rest).toMatch(/^\S.{5,} \| \S.{5,}/);
  });

  test('a command that is also a topic shows its options once', async () => {
    const { stdout } = await runCli(['help', 'cycles']);
    expect(stdout.match(/--no-plots /g)).toHaveLength(1);
    expect(stdout).toContain('Steps and repetitions');
    expect(stdout).not.toMatch(/^Options$|<!--/m);
    expect((await runCli(['help', 'signals'])).stdout).toMatch(/^Options$[\s\S]*--max-gap <frames>/m);
  });

  test('modes has each mode with the summary of the code', () => {
    const rows = rowsOf('modes');
    expect(MODE_NAMES.map(name => [name, rows.get(name)])).toEqual(MODE_NAMES.map(name => [name, MODES[name].summary]));
  });

  test('exit-codes has each exit code', () => {
    const codes = [...rowsOf('exit-codes').keys()].filter(key => /^\d+$/.test(key)).map(Number);
    expect(codes).toEqual(Object.values(EXIT_CODES));
  });

  test('csv has the columns of both layouts, in order, and explains each', () => {
    const layouts = codeBlocks(helpPage('csv')).filter(({ language }) => language === '');
    const [long = '', wide = ''] = layouts.map(({ code }) => code);
    expect(long.trim().split(/,\s+/)).toEqual([...CSV_COLUMNS]);
    const names = wide.replace('then for each landmark\n', '').trim().split(/,\s+/);
    expect(names).toEqual(WIDE_CSV_COLUMNS.slice(0, names.length));
    const explained = [...rowsOf('csv').keys()].flatMap(key => key.split(', '));
    expect(CSV_COLUMNS.filter(column => !explained.includes(column))).toEqual([]);
  });
});

describe('Markdown in a terminal', () => {
  const view = (text: string, width = 40, color = false) => viewMarkdown(text, { width, color });

  test('headings lose their marks, and are bold in colour terminals', () => {
    expect(view('# Modes\n\n## Which\ntext')).toBe('Modes\n\nWhich\n\ntext');
    expect(view('# Modes', 40, true)).toBe(`${ESCAPE}[1mModes${ESCAPE}[22m`);
  });

  test('paragraphs and items are wrapped at words, items with an indent', () => {
    expect(view('one two three\nfour five six\n\nseven', 14)).toBe('one two three\nfour five six\n\nseven');
    expect(view('- one two three\n  four\n- five\n1. six seven', 10)).toBe(
      '- one two\n  three\n  four\n- five\n1. six\n   seven',
    );
  });

  test('code is neither wrapped nor parsed as Markdown, and empty lines stay', () => {
    expect(view('```sh\n# **a** `b` and much more that is long\n\n| x |\n```\nafter', 20)).toBe(
      '  # **a** `b` and much more that is long\n\n  | x |\n\nafter',
    );
  });

  test('a table gets columns, the widest of which shrink, and lines only under its header', () => {
    const table =
      '| name | what it does |\n|---|---|\n| `a`, `b` | one two three four five |\n| `c\\|d` | **six** `x` |';
    expect(view(table, 24)).toBe(
      [
        'name  what it does',
        '----  ------------------',
        'a, b  one two three four',
        '      five',
        'c|d   six `x`',
      ].join('\n'),
    );
  });

  test('comments are left out, and end a paragraph', () => {
    expect(view('one\n<!-- options: analyze -->\n| a | b |\n|---|---|\n| c | d |\n<!-- end -->\ntwo')).toBe(
      'one\n\na  b\n-  -\nc  d\n\ntwo',
    );
    expect(view('```\n<!-- code -->\n```')).toBe('  <!-- code -->');
  });

  test('links name the command that shows the other page, or their address', () => {
    expect(view('see [inputs](inputs.md), [tables](csv.md) and [the site](https://example.org/a)', 200)).toBe(
      'see bodyscript help inputs, tables (bodyscript help csv) and the site (https://example.org/a)',
    );
  });

  test('no style crosses a line end, and styles have no width', () => {
    const coloured = view('some `code that goes over the end` of a **very strong line**', 20, true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what this is about
    const plain = coloured.replace(/\u001b\[\d+m/g, '');
    expect(plain).toBe(view('some code that goes over the end of a very strong line', 20));
    const openAndClosed = (line: string) => [line.split('[36m').length, line.split('[39m').length];
    for (const [opened, closed] of coloured.split('\n').map(openAndClosed)) expect(opened).toBe(closed);
  });
});
