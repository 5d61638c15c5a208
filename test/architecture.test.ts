import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SRC = join(ROOT, 'src', sep);
/** Longer files have two subjects. */
const MOST_LINES = 350;
const MOST_CHARACTERS = 120;

const EVERYTHING_BELOW_CLI = [
  'model',
  'system',
  'text',
  'regions',
  'signal',
  'formats',
  'draw',
  'encode',
  'decode',
  'engine',
  'strategies',
  'tracking',
  'outputs',
  'postprocess',
  'storage',
  'analyze',
  'batch',
  'compare',
  'report',
];

/**
 * Which parts of src/ a part may import, beside itself, `errors.ts` and `error-codes.ts`. The same table stands in
 * src/README.md.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'error-codes.ts': [],
  'errors.ts': ['error-codes.ts'],
  model: [],
  system: [],
  text: [],
  regions: ['model'],
  signal: ['model', 'text'],
  formats: ['model', 'system', 'text', 'signal'],
  draw: ['model', 'signal'],
  encode: ['model', 'system', 'text'],
  decode: ['model', 'system', 'text'],
  engine: ['model', 'system', 'regions', 'signal'],
  strategies: ['model', 'regions'],
  tracking: ['model', 'regions', 'signal', 'engine', 'strategies'],
  outputs: ['model', 'system', 'text', 'signal', 'formats', 'draw', 'encode'],
  postprocess: ['model', 'system', 'text', 'signal', 'formats', 'draw', 'encode', 'decode', 'outputs'],
  storage: ['model', 'system', 'text', 'formats'],
  analyze: [
    'model',
    'system',
    'text',
    'signal',
    'formats',
    'encode',
    'decode',
    'engine',
    'strategies',
    'tracking',
    'outputs',
  ],
  batch: ['model', 'system', 'text', 'formats', 'decode', 'engine', 'storage', 'analyze'],
  compare: ['model', 'system', 'text', 'formats', 'draw', 'decode'],
  report: ['model', 'system', 'text', 'signal', 'formats', 'postprocess'],
  options: ['model', 'text', 'formats', 'draw', 'decode', 'engine', 'strategies', 'tracking', 'analyze', 'compare'],
  queue: ['system', 'text', 'formats', 'analyze', 'batch', 'options'],
  doctor: ['model', 'system', 'engine', 'batch'],
  library: [...EVERYTHING_BELOW_CLI, 'options'],
  cli: [...EVERYTHING_BELOW_CLI, 'options', 'queue', 'doctor'],
  'index.ts': [...EVERYTHING_BELOW_CLI, 'options', 'library'],
};

/** Parts that combine the others, and may import any part above them. */
const IMPORTS_ALL_ABOVE = ['library', 'cli', 'index.ts'];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : path.endsWith('.ts') ? [path] : [];
  });
}

/** The top folder, or file, of src/ that a path lies in. */
const partOf = (path: string) => relative(SRC, path).split(sep)[0]!;

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => match[1]!);
  return specifiers
    .filter(specifier => specifier.startsWith('.'))
    .map(specifier => resolve(dirname(file), specifier.replace(/\.js$/, '.ts')));
}

const files = sourceFiles(SRC);

/**
 * The paths that a line of a README names, but for those that a build or a run makes, and the folders in which they may
 * lie.
 */
function pathsIn(line: string, readme: string): { readme: string; path: string; places: string[] }[] {
  // A row of the table names files of its folder.
  const row = /^\| `([\w/]+\/)`/.exec(line)?.[1] ?? '';
  const places = [SRC, join(SRC, row), join(SRC, dirname(readme)), resolve(SRC, '..')];
  return [...line.matchAll(/[`(]([\w./-]+(?:\.(?:ts|mjs|md)|\/))[`)]/g)]
    .map(([, path = '']) => ({ readme, path, places }))
    .filter(({ path }) => !path.startsWith('dist/') && !path.startsWith('OUT/'));
}

/** Circles of an import graph, each once, as the paths along it. */
function longComments(text: string): number[] {
  return text.split('\n').flatMap((line, i) => (line.length > MOST_CHARACTERS && hasComment(line) ? [i + 1] : []));
}

/** Whether a line is a comment, or ends with one that no string, template or regular expression holds. */
function hasComment(line: string): boolean {
  if (/^\s*(\/\/|\/?\*)/.test(line)) return true;
  const literal = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|\/(?:[^/*\\\n]|\\.)+\/[a-z]*/g;
  return /(^|\s)\/[/*]/.test(line.replace(literal, "''"));
}

/** Circles of a graph of imports, each once, as the paths along it. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const since = way.indexOf(file);
    if (since >= 0) circles.push([...way.slice(since), file]);
    if (since >= 0 || done.has(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

describe('the layout of src/', () => {
  test('every part has its line in the table', () => {
    expect([...new Set(files.map(partOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test.each(files.map(file => relative(SRC, file)))('%s imports only what its part may', name => {
    const part = partOf(join(SRC, name));
    const allowed = new Set([...(MAY_IMPORT[part] ?? []), part, 'errors.ts', 'error-codes.ts']);
    const parts = importsOf(join(SRC, name))
      .filter(path => path.startsWith(SRC))
      .map(partOf);
    expect(parts.filter(other => !allowed.has(other))).toEqual([]);
  });

  test('a part imports every part that the table lists for it', () => {
    const imports = new Set(
      files.flatMap(file => importsOf(file).map(path => `${partOf(file)} imports ${partOf(path)}`)),
    );
    const unused = Object.entries(MAY_IMPORT)
      .filter(([part]) => !IMPORTS_ALL_ABOVE.includes(part))
      .flatMap(([part, allowed]) => allowed.map(other => `${part} imports ${other}`))
      .filter(pair => !imports.has(pair));
    expect(unused).toEqual([]);
  });

  test('no file imports itself through others, including type imports', () => {
    const circles = circlesOf(new Map(files.map(file => [file, importsOf(file)])));
    expect(circles.map(circle => circle.map(file => relative(SRC, file)))).toEqual([]);
  });

  test('a circle is found, however long, and with any path into it', () => {
    const graph = { a: ['b'], b: ['c'], c: ['d', 'e'], d: ['b'], e: [], f: ['f'] };
    expect(circlesOf(new Map(Object.entries(graph)))).toEqual([
      ['b', 'c', 'd', 'b'],
      ['f', 'f'],
    ]);
  });

  test('a part may only import those above it in the table: none forms a circle', () => {
    const parts = Object.keys(MAY_IMPORT);
    const upward = parts.flatMap(part =>
      (MAY_IMPORT[part] ?? [])
        .filter(other => !parts.slice(0, parts.indexOf(part)).includes(other))
        .map(other => `${part} imports ${other}`),
    );
    expect(upward).toEqual([]);
  });

  test('the map stays small: at most 24 folders, and 117 pairs of them in which one imports the other', () => {
    const imports = files.flatMap(file => importsOf(file).map(path => [partOf(file), partOf(path)]));
    const isFolder = (part = '') => part !== '' && !part.includes('.');
    const pairs = new Set(
      imports.filter(([from, to]) => from !== to && isFolder(from) && isFolder(to)).map(pair => pair.join(' ')),
    );
    expect(Object.keys(MAY_IMPORT).filter(isFolder).length).toBeLessThanOrEqual(24);
    expect(pairs.size).toBeGreaterThan(50);
    expect(pairs.size).toBeLessThanOrEqual(117); // `storage` and `queue` brought six.
  });

  test('the table in src/README.md is the same', () => {
    const rows = readFileSync(join(SRC, 'README.md'), 'utf8').matchAll(/^\| `([a-z]+)\/` \|.*\| ([^|]+) \|$/gm);
    const reported = new Map([...rows].map(([, part = '', imports = '']) => [part, imports]));
    for (const [part, allowed] of Object.entries(MAY_IMPORT)) {
      const imports = reported.get(part);
      if (part.includes('.') || imports?.startsWith('all above')) continue;
      const named = imports?.startsWith('nothing') ? [] : imports?.split(', ');
      expect([part, ...(named ?? ['no row'])].sort()).toEqual([part, ...allowed].sort());
    }
  });

  test(`no file of src/ and test/ has more than ${MOST_LINES} lines`, () => {
    const long = [...files, ...sourceFiles(join(ROOT, 'test'))]
      .map(file => [relative(ROOT, file), readFileSync(file, 'utf8').trimEnd().split('\n').length] as const)
      .filter(([, lines]) => lines > MOST_LINES);
    expect(long).toEqual([]);
  });

  test('no comment goes beyond 120 characters, where the formatter breaks code but for literals', () => {
    const { formatter } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
    expect(formatter.lineWidth).toBe(MOST_CHARACTERS);
    const folders = ['src', 'test', 'samples', '.build'].map(folder => join(ROOT, folder));
    const long = folders
      .flatMap(folder => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)))
      .filter(file => /\.(ts|js|mjs|cjs)$/.test(file))
      .flatMap(file => longComments(readFileSync(file, 'utf8')).map(line => `${relative(ROOT, file)}:${line}`));
    expect(long).toEqual([]);
  });

  test.each([
    [`// ${'word '.repeat(30)}`, true],
    [`   * ${'word '.repeat(30)}`, true],
    [`  const places = [1]; // ${'word '.repeat(30)}`, true],
    [`  /** ${'word '.repeat(30)} */`, true],
    [`  say('${'word '.repeat(30)} // not a comment');`, false],
    [`  say('https://${'word'.repeat(30)}');`, false],
    ['// short', false],
  ])('%s: a comment too long is seen: %s', (line, isLong) => {
    expect(longComments(`first\n${line}`)).toEqual(isLong ? [2] : []);
  });

  test('src/README.md stays within two screens, and leaves details to the folders, each of which it names', () => {
    expect(importsOf(join(SRC, 'index.ts')).map(partOf)).toEqual(
      expect.arrayContaining(['library', 'model', 'engine']),
    );
  });

  test('src/README.md, the map, names every folder', () => {
    const map = readFileSync(join(SRC, 'README.md'), 'utf8');
    const folders = [...new Set(files.map(file => relative(SRC, dirname(file)).split(sep).join('/')))].filter(Boolean);
    expect(folders.filter(folder => !map.includes(`\`${folder}/\``))).toEqual([]);
  });

  test('src/README.md stays within two screens, and leaves detail to the folders, each of which it names', () => {
    const lines = readFileSync(join(SRC, 'README.md'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(100);
    expect(lines.filter(line => line.length > 200)).toEqual([]);
    const rooms = readdirSync(SRC).filter(name => existsSync(join(SRC, name, 'README.md')));
    expect(rooms.length).toBeGreaterThan(5);
    expect(rooms.filter(room => !lines.join('\n').includes(`(${room}/README.md)`))).toEqual([]);
  });

  test('each file and folder that a README of src/ names exists', () => {
    const readmes = ['README.md', ...readdirSync(SRC).map(name => join(name, 'README.md'))].filter(name =>
      existsSync(join(SRC, name)),
    );
    const named = readmes.flatMap(readme =>
      readFileSync(join(SRC, readme), 'utf8')
        .split('\n')
        .flatMap(line => pathsIn(line, readme)),
    );
    expect(named.length).toBeGreaterThan(100);
    const missing = named.filter(({ path, places }) => !places.some(place => existsSync(resolve(place, path))));
    expect(missing.map(({ readme, path }) => `${readme}: ${path}`)).toEqual([]);
  });

  test('text for people is written in few places, which make it safe', () => {
    // Help, completion and the version hold nothing from outside, compare's Markdown is escaped by itself, `jobs list
    // --json` and standard-output.ts write data, maker-process.ts reports to the process that started it.
    const writers = ['log.ts', 'say.ts', 'help-command.ts', 'completion-command.ts', 'main.ts', 'jobs-list.ts'];
    const allowed = [
      ...writers.map(name => join('cli', name)),
      join('engine', 'native', 'mapped', 'maker-process.ts'),
      join('system', 'standard-output.ts'),
    ];
    const found = files.filter(file => /process\.(stdout|stderr)\.write\(|console\./.test(readFileSync(file, 'utf8')));
    expect(found.map(file => relative(SRC, file)).sort()).toEqual(allowed.sort());
  });

  test('only cli/main.ts sets the exit code', () => {
    const setters = files.filter(file => /process\.exitCode\s*=|process\.exit\(/.test(readFileSync(file, 'utf8')));
    expect(setters.map(file => relative(SRC, file))).toEqual([join('cli', 'main.ts')]);
  });
});
