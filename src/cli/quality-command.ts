import type { Command } from 'commander';
import { EXIT_CODES } from '../errors.js';
import type { CliContext } from './context.js';
import { declareMessages } from './declare-options.js';
import { examples } from './help-text.js';
import { withTable } from './piped-table.js';
import { sayJson } from './say.js';

const EXAMPLES = `Examples:
  bodyscript quality walk.csv                       detection rate, jumps, swaps, jitter, gates as JSON; also per person
  bodyscript quality walk.csv | jq -c '.gates[] | [.name, .value, .bound, .limit, .passed]'
  bodyscript quality match.csv | jq -c '.people[] | [.personId, .frames, .spanFrames, .longestGap.frames]'
`;

/** Declares `bodyscript quality`. */
export function declareQuality(command: Command, context: CliContext): void {
  command
    .description("Rate a table's quality, as JSON: the same as analyze --quality, for an existing table.")
    .argument('<table>', 'landmark table (.csv or .ndjson) from analyze; - for stdin')
    .addHelpText('after', examples(EXAMPLES))
    .action(async (table: string) => {
      const { measureQuality } = await import('../postprocess/measure-quality.js');
      await withTable(table, context.signal, async ({ path, shown }) => {
        const warn = (leaps: string) =>
          context.log.warn(`${shown}: its times ${leaps}: people are not followed across the jump`);
        sayJson(await measureQuality(path, warn), 2);
      });
      context.exitCode = EXIT_CODES.done;
    });
  declareMessages(command, context);
}
