import type { Command } from 'commander';
import { examine } from '../doctor/examine.js';
import { EXIT_CODES } from '../errors.js';
import { DEFAULT_OUT } from '../options/default-out.js';
import type { CliContext } from './context.js';
import { declareMessages } from './declare-options.js';
import { checkLines } from './doctor-view.js';
import { examples } from './help-text.js';
import { say, sayJson } from './say.js';

const EXAMPLES = `Examples:
  bodyscript doctor             check the installation, and show how to install what is missing
  bodyscript doctor -o results  check that this folder is writable as well
  bodyscript doctor --json      for a script: exit code 1 if something required is missing
`;

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
    .addHelpText('after', examples(EXAMPLES))
    .option('-o, --out <dir>', 'output folder to check', DEFAULT_OUT)
    .option('--ffmpeg <path>', 'path of ffmpeg, instead of the one on PATH')
    .option('--ffprobe <path>', 'path of ffprobe')
    .option('--json', 'print as JSON')
    .action(async ({ out, json, ffmpeg, ffprobe }: DoctorFlags) => {
      const named = { ...(ffmpeg === undefined ? {} : { ffmpeg }), ...(ffprobe === undefined ? {} : { ffprobe }) };
      if (!json) context.log.info('Checking the installation...');
      const results = await examine({ outDir: out, signal: context.signal, ...named });
      const isFit = results.every(({ health }) => health !== 'missing');
      if (json) sayJson({ fit: isFit, checks: results }, 2);
      else if (!(isFit && context.log.isSilent)) say(checkLines(results), context.log.options.colorStdout);
      context.exitCode = isFit ? EXIT_CODES.done : EXIT_CODES.failed;
    });
  declareMessages(command, context);
}
