import { Command } from 'commander';
import { PACKAGE } from '../system/package-info.js';
import { runAnalyze } from './analyze-command.js';
import { addAnalyzeOptions, type RawAnalyzeOptions } from './analyze-options.js';
import { addJobsCommand } from './jobs-command.js';

const EXAMPLES = `
Examples:
  bodyscript analyze walk.mp4                          bodyscript-out/walk.csv, walk.overlay.mp4, walk.run.json
  bodyscript analyze walk.mp4 -o results --no-overlay  only the numbers
  bodyscript analyze walk.mp4 --start 1:30 --end 2:00  half a minute of it
  bodyscript analyze clips/ -o results --jobs 2        a folder; the same command again does what is missing
  bodyscript analyze "frames/frame_%04d.png" --fps 60  numbered pictures

Exit codes: 0 done; 1 failed; 2 wrong usage; 3 some videos failed, the others are done; 5 not enough memory; 130, 143 interrupted.
A file is called *.partial until it is whole. No picture, number or name leaves this machine.`;

/** The command line. @param signal ends a run early @param onExitCode told how a command ended */
export function createProgram(signal: AbortSignal, onExitCode: (code: number) => void): Command {
  const program = new Command(PACKAGE.name)
    .description(
      'Finds the 33 BlazePose landmarks of the people in a video: a CSV of landmarks and a video with skeletons.',
    )
    .version(PACKAGE.version, '-V, --version')
    .option('--debug', 'show where an error comes from')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(see --help)');
  const analyze = program
    .command('analyze', { isDefault: true })
    .description('analyse videos')
    .argument('[inputs...]', 'videos, folders of them, globs, or numbered pictures as "folder/frame_%04d.png"')
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  addAnalyzeOptions(analyze).option('--debug', 'show where an error comes from');
  analyze.action(async (inputs: string[], options: RawAnalyzeOptions) => {
    onExitCode(await runAnalyze(inputs, options, signal));
  });
  addJobsCommand(program);
  return program;
}
