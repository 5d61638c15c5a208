import type { Command } from 'commander';
import type { CheckResult, Health } from '../doctor/check.js';
import { examine } from '../doctor/examine.js';
import { EXIT_CODES } from '../errors.js';
import { DEFAULT_OUT } from '../options/default-out.js';
import type { CliContext } from './context.js';
import { declareMessages } from './declare-options.js';
import { say, sayJson } from './say.js';

const EXAMPLES = `Examples:
  bodyscript doctor                check the installation, and how to install what is missing
  bodyscript doctor --json         for scripts; exit code 1 if something required is missing
`;
const MARKS: Readonly<Record<Health, string>> = { good: 'ok', limited: 'limited', missing: 'MISSING' };

interface DoctorFlags {
  readonly out: string;
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
  readonly json?: boolean;
}

/** Declares `bodyscript doctor`. */
export function declareDoctor(command: Command, context: CliContext): void {
  command
    .description('Check the installation, and try each engine on a picture. Nothing is uploaded.')
    .addHelpText('before', EXAMPLES)
    .option('-o, --out <dir>', 'output folder to check', DEFAULT_OUT)
    .option('--ffmpeg <path>', 'path of ffmpeg, instead of the one on PATH')
    .option('--ffprobe <path>', 'path of ffprobe')
    .option('--json', 'print as JSON')
    .action(async ({ out, json, ffmpeg, ffprobe }: DoctorFlags) => {
      const named = { ...(ffmpeg === undefined ? {} : { ffmpeg }), ...(ffprobe === undefined ? {} : { ffprobe }) };
      const results = await examine({ outDir: out, ...named });
      const isFit = results.every(({ health }) => health !== 'missing');
      if (json) sayJson({ fit: isFit, checks: results }, 2);
      else if (!(isFit && context.log.isSilent)) say(table(results, isFit));
      context.exitCode = isFit ? EXIT_CODES.done : EXIT_CODES.failed;
    });
  declareMessages(command, context);
}

function table(results: readonly CheckResult[], isFit: boolean): string[] {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.flatMap(result => {
    const { name, health, found, fix } = result;
    const line = `${MARKS[health].padEnd(8)} ${name.padEnd(width)}  `;
    if (health === 'good') return [`${line}${found}`];
    // One cause may keep several things from working, and is told once.
    const first = results.find(other => other.health !== 'good' && other.found === found && other.fix === fix);
    if (first && first !== result) return [`${line}as ${first.name}`];
    return [`${line}${found}`, ...(fix === undefined ? [] : [`${' '.repeat(9)}${' '.repeat(width)}  to mend: ${fix}`])];
  });
  const end = isFit ? 'all that is needed is there' : 'something needed is missing';
  return [...lines, end];
}
