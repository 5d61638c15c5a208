import type { Command } from 'commander';
import { ANALYZE } from '../options/analyze-table.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import type { Flags } from './load-options.js';

const EXAMPLES = `Examples:
  bodyscript analyze walk.mp4                          bodyscript-out/walk.csv, walk.overlay.mp4, walk.run.json
  bodyscript analyze walk.mp4 -o results --no-overlay  only the table
  bodyscript analyze walk.mp4 --start 1:30 --end 2:00  30 seconds of it
  bodyscript analyze clips/ -o results --jobs 2        a folder; run it again to resume
  bodyscript analyze clips/ -o results --dry-run       what that would do, and how long it takes
  bodyscript analyze "frames/frame_%04d.png" --fps 60  numbered pictures
  ffmpeg -i cam.mov -f matroska - | bodyscript analyze - --csv - | head   pipes
`;

const AFTER = `
Options can also be set in bodyscript.config.json or .toml, and in BODYSCRIPT_* variables: bodyscript help config.
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 some videos failed, the others are done; 5 not enough memory; 130, 143 interrupted.
Unfinished files are named *.partial. Nothing is uploaded.`;

/** What most calls need. */
const COMMON: readonly (keyof typeof ANALYZE)[] = [
  'out',
  'mode',
  'people',
  'start',
  'end',
  'overlay',
  'jobs',
  'dryRun',
];

/** Declares `bodyscript analyze`. */
export function declareAnalyze(command: Command, context: CliContext): void {
  command
    .description('Find the people in videos, frame by frame, and write their landmarks.')
    .argument('[inputs...]', 'videos, folders, globs, numbered pictures ("folder/frame_%04d.png"), or - for stdin')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, ANALYZE, 'analyze', COMMON).action(async (inputs: string[], flags: Flags) => {
    const { runAnalyze } = await import('./analyze-command.js');
    context.exitCode = await runAnalyze(inputs, flags, context);
  });
}
