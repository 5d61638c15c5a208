/** A fenced block of code. */
export interface CodeBlock {
  /** `sh`, `python`; empty where the fence names none. */
  readonly language: string;
  readonly code: string;
}

const FENCED = /^```(\S*)\n([\s\S]*?)^```$/gm;

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(FENCED)].map(([, language = '', code = '']) => ({ language, code }));
}

/** The code of the first block in a language; empty where none exists. */
export function blockOf(markdown: string, language: string): string {
  return codeBlocks(markdown).find(block => block.language === language)?.code ?? '';
}

/** A page without its blocks of code. */
function proseOf(markdown: string): string {
  return markdown.replaceAll(FENCED, '');
}

/** The targets of all links and pictures. */
export function linksIn(markdown: string): string[] {
  return [...proseOf(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The pieces of code within sentences and tables. */
export function inlineCode(markdown: string): string[] {
  return [...proseOf(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'));
}

/** The first cells of all rows of tables, and the rest of each row. */
export function rowsIn(markdown: string): Map<string, string> {
  const rows = [...markdown.matchAll(/^\| (.+?) \| (.+) \|$/gm)];
  return new Map(rows.map(([, first = '', rest = '']) => [first.replaceAll('`', ''), rest]));
}

/** Parts of a line of shell: quoted texts, comments, operators and words. */
const SHELL = /\\\n|'[^']*'|"(?:[^"\\]|\\.)*"|(?<=\s|^)#.*|\n|&&|\|\||[|;]|[^\s'"|;&#]+|\s|./gm;

/** The commands of a script, each as its words, without quotes; comments are left out. */
export function shellCommands(script: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (const [part] of script.matchAll(SHELL)) {
    if (/^(\n|&&|\|\|?|;)$/.test(part)) {
      endWord();
      commands.push([]);
    } else if (part === '\\\n' || /^\s$/.test(part) || part.startsWith('#')) endWord();
    else word = `${word ?? ''}${/^['"]/.test(part) ? part.slice(1, -1) : part}`;
  }
  endWord();
  return commands.filter(words => words.length > 0);
}

/** The steps of a workflow of GitHub Actions, a line of shell for each. */
function workflowSteps(yaml: string): string {
  const [, ...steps] = yaml.split(/^ *- run: (?:>\n)?/m);
  return steps.map(step => step.replaceAll(/\s+/g, ' ')).join('\n');
}

/** The words after `bodyscript` of each command in the code of a page. */
export function bodyscriptCommands(markdown: string): string[][] {
  const scripts = codeBlocks(markdown).flatMap(({ language, code }) => {
    if (language === 'sh') return [code];
    return language === 'yaml' ? [workflowSteps(code)] : [];
  });
  return scripts.flatMap(shellCommands).flatMap(words => {
    const at = words.findIndex(word => /^(.*\/)?bodyscript(\.js)?$/.test(word));
    return at === -1 ? [] : [words.slice(at + 1)];
  });
}
