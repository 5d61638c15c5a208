import type { Command } from 'commander';
import { ANALYZE } from '../options/analyze-table.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import type { Flags } from './load-options.js';

const EXAMPLES = `Examples:
  bodyscript analyze walk.mp4                          bodyscript-out/walk.csv, walk.overlay.mp4, walk.run.json
  bodyscript analyze walk.mp4 -o results --no-overlay  only the numbers
  bodyscript analyze walk.mp4 --start 1:30 --end 2:00  half a minute of it
  bodyscript analyze clips/ -o results --jobs 2        a folder; the same command again does what is missing
  bodyscript analyze clips/ -o results --dry-run       what that would do, and how long it would take
  bodyscript analyze "frames/frame_%04d.png" --fps 60  numbered pictures
  ffmpeg -i cam.mov -f matroska - | bodyscript analyze - --csv - | head   through pipes
`;

const AFTER = `
Options can also stand in bodyscript.config.json or .toml, and in BODYSCRIPT_* variables: bodyscript help config.
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 some videos failed, the others are done; 5 not enough memory; 130, 143 interrupted.
A file is called *.partial until it is whole. No picture, number or name leaves this machine.`;

/** Declares `bodyscript analyze`. */
export function declareAnalyze(command: Command, context: CliContext): void {
  command
    .description('Finds the people in videos, frame by frame, and writes their landmarks while it reads.')
    .argument(
      '[inputs...]',
      'videos, folders of them, globs, numbered pictures as "folder/frame_%04d.png", or - for stdin',
    )
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', AFTER);
  declareOptions(command, ANALYZE, 'analyze').action(async (inputs: string[], flags: Flags) => {
    const { runAnalyze } = await import('./analyze-command.js');
    context.exitCode = await runAnalyze(inputs, flags, context);
  });
}
