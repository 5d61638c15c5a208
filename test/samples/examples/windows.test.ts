import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES } from '../../support/examples.js';
import { askPython, pythonWith } from '../../support/readers.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const SCRIPT = join(EXAMPLES, 'windows-powershell.ps1');
const PYTHON = pythonWith('tree_sitter', 'tree_sitter_powershell');
const folder = await temporaryFolder();

/** Parses a script: where the grammar fails, and the words of each command as they stand. */
const PARSE = `
import json, sys, tree_sitter, tree_sitter_powershell
text = open(sys.argv[1], "rb").read()
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
errors, commands = [], []
def visit(node):
    if node.is_error or node.is_missing:
        errors.append(node.start_point[0] + 1)
    if node.type == "command":
        commands.append(text[node.start_byte:node.end_byte].decode())
    for child in node.children:
        visit(child)
visit(parser.parse(text).root_node)
print(json.dumps([errors, commands]))
`;

/** The words of a simple command of PowerShell, with its variables filled in. */
function wordsOf(command: string, variables: ReadonlyMap<string, string>): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) =>
    (single ?? double ?? bare ?? '').replace(/\$(\w+)/g, (_, name: string) =>
      single === undefined ? (variables.get(name) ?? `$${name}`) : `$${name}`,
    ),
  );
}

/** What an argument that the program accepts without doing anything adds. */
const CHECKED_ONLY: Readonly<Record<string, readonly string[]>> = { analyze: ['--print-config'], doctor: ['--help'] };

describe.skipIf(!PYTHON)('the lines for Windows PowerShell, without a Windows', async () => {
  const [errors, commands] = PYTHON
    ? ((await askPython(PYTHON, PARSE, [SCRIPT])) as [number[], string[]])
    : [[], [] as string[]];
  const text = await readFile(SCRIPT, 'utf8');
  const variables = new Map(
    [...text.matchAll(/^\$(\w+) = '(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const ours = commands.filter(command => command.startsWith('bodyscript'));

  test('are PowerShell, and call bodyscript.cmd alone', () => {
    expect(errors).toEqual([]);
    expect(ours.length).toBeGreaterThanOrEqual(4);
    expect(ours.filter(command => !command.startsWith('bodyscript.cmd '))).toEqual([]);
  });

  test('have nothing that PowerShell 5.1 does not know, and no redirection of output', () => {
    // Operators of PowerShell 7, and what would write UTF-16 or damage bytes.
    expect(text.replace(/^#.*$/gm, '')).not.toMatch(/&&|\|\||\?\?|\?\.|(^|\s)>{1,2}\s/m);
    expect(text).toMatch(/^[\x20-\x7e\r\n]*$/); // 5.1 reads a script without a mark in the machine's code page.
  });

  test.each(ours)('%s: the program knows its options', async command => {
    await mkdir(join(folder, 'results'), { recursive: true });
    const [, ...args] = wordsOf(command, variables);
    expect(args.join(' ')).not.toContain('$');
    const [name = ''] = args;
    const { code, stderr } = await runCli([...args, ...(CHECKED_ONLY[name] ?? [])], { cwd: folder });
    if (name === 'jobs')
      expect(stderr).toMatch(/D:\\results/); // A folder that is not here, and no unknown option.
    else expect(code).toBe(0);
    expect(stderr).not.toMatch(/unknown|unexpected|too many|--help/i);
  });
});
