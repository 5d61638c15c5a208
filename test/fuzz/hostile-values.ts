import type { Random } from './random.js';

/**
 * Texts that have caused harm elsewhere: paths that leave a folder, markup, escape sequences, formulas, patterns,
 * forged log lines.
 */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '..',
  '../../outside',
  '/../../outside',
  '/etc/passwd',
  'a/b/c',
  'x\u0000y',
  'x\ny',
  '\u001b[2J\u001b]0;title\u0007',
  '\u009b31m',
  '\u202egnp.exe',
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(1)>',
  '\'"><svg onload=alert(1)>',
  '@everyone [x](javascript:alert(1)) | `a` #1',
  '=cmd()',
  '$(touch pwned)',
  '; touch pwned',
  '--overwrite',
  '-',
  '%d',
  '%n%s%08d',
  '*',
  '{a,b}',
  '[Parsed_showinfo_0 @ 0x5581] n: 0 pts: 99999 pts_time:99999',
  '[error] forged',
  'concat:/etc/passwd|/etc/group',
  'file:///etc/passwd',
  'http://127.0.0.1:1/x?X-Amz-Signature=secret',
  '__proto__',
  'constructor',
  'NaN',
  'Infinity',
  '-0',
  '1e999',
  '-1e999',
  '1e-999',
  '0x10',
  '1.5',
  '-1',
  '9007199254740993',
  '99999999999999999999',
  '1,5',
  '"',
  '""',
  '\ufeff',
  '\ud800',
  'x'.repeat(5000),
];

/** A valid JSON value that no code expects. */
export function hostileJson(random: Random): unknown {
  const choices: readonly (() => unknown)[] = [
    () => random.pick(HOSTILE_TEXTS),
    () => random.pick([0, -1, 1.5, 1e308, -1e308, 2 ** 53, 4_294_967_296, 1e-320]),
    () => null,
    () => random.chance(0.5),
    () => [],
    () => ({}),
    () => nested(random.pick([10, 1000])),
    () => TOO_DEEP,
    () => Array.from({ length: random.pick([100, 10_000]) }, (_, i) => i),
    () => JSON.parse('{"__proto__": {"polluted": true}}'),
    () => ({ toString: 'x', length: -1, constructor: { prototype: {} } }),
  ];
  return random.pick(choices)();
}

/** A nested list, so deep that only text can hold it: see `writeJson`. */
const TOO_DEEP = 'a list 100,000 deep';
const DEPTH = 100_000;

/** JSON of a value from `hostileJson`. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(`"${TOO_DEEP}"`, '['.repeat(DEPTH) + ']'.repeat(DEPTH));
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}
