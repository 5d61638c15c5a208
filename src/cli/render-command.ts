import type { Command } from 'commander';
import { EXIT_CODES, UsageError } from '../errors.js';
import { idsOf } from '../model/body.js';
import { refuseIdle } from '../options/idle.js';
import { IDLE_RENDER } from '../options/idle-others.js';
import type { Values } from '../options/option.js';
import { RENDER } from '../options/render-table.js';
import type { Beside } from '../postprocess/beside/pair.js';
import { STDOUT } from '../system/whole-file.js';
import { counted } from '../text/counted.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import type { Flags } from './load-options.js';
import { outputPath, refuseTerminal } from './output-paths.js';
import { type TableInput, withTable } from './piped-table.js';

const EXAMPLES = `Examples:
  bodyscript render walk.filtered.csv walk.mp4              walk.filtered.render.mp4
  bodyscript render walk.csv walk.mp4 --black -o bare.mp4   skeletons on black
  bodyscript render walk.csv walk.mp4 --side-by-side --trails 2s --angle-labels knee,hip
  bodyscript render walk.csv walk.mp4 --beside later.csv --align event    two runs side by side: walk.beside.mp4
`;

const AFTER = `
An earlier result under the default name is replaced; with -o, add --overwrite to replace it.`;

/** Declares `bodyscript render`. */
export function declareRender(command: Command, context: CliContext): void {
  command
    .description('Redraw an overlay from a landmark table and its video, with times and sound, without analysis.')
    .argument('<table>', 'landmark table (.csv or .ndjson) from analyze or filter; - for stdin')
    .argument('<video>', 'video that the table was made from')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, RENDER).action(async (table: string, video: string, flags: Flags) => {
    if (table === '-' && video === '-') throw oneFromStdin();
    context.exitCode = await withTable(table, context.signal, input => runRender(input, video, flags, context));
  });
}

async function runRender(table: TableInput, video: string, flags: Flags, context: CliContext): Promise<number> {
  const { loadOptions } = await import('./load-options.js');
  const resolved = await loadOptions(RENDER, undefined, flags, context);
  refuseIdle(IDLE_RENDER, resolved);
  const { values } = resolved;
  const { renderVideo } = await import('../postprocess/render-video.js');
  const beside = besideOf(values, video);
  const suffix = beside ? '.beside.mp4' : '.render.mp4';
  // A film goes to stdout only on request.
  const output = outputPath(values.output, { ...table, isPiped: false }, suffix);
  if (output === STDOUT) refuseTerminal('--output -');
  const options = {
    crf: values.overlayCrf,
    longest: values.overlaySize,
    minVisibility: values.minVisibility,
    minConfidence: values.minConfidence,
    labels: values.labels,
    black: values.black,
    sideBySide: values.sideBySide,
    colours: values.colors,
    trails: values.trails === undefined ? undefined : { seconds: values.trails, joints: idsOf(...values.trailJoints) },
    angles: values.angleLabels ?? [],
    maxSize: values.maxSize,
    maxPixels: values.maxPixels,
    timeScale: values.timeScale,
    stallMs: values.stall * 1000,
    anyVideo: values.anyVideo,
    beside,
    ...(values.ffmpeg === undefined ? {} : { ffmpeg: values.ffmpeg }),
    ...(values.ffprobe === undefined ? {} : { ffprobe: values.ffprobe }),
  };
  const { frames, matched, warnings } = await renderVideo(table.path, video, output, options, context.signal, {
    overwrite: values.overwrite,
    replaceOwn: values.output === undefined,
    alsoRead: context.alsoRead,
  });
  for (const warning of warnings) context.log.warn(warning);
  context.log.info(`${output}: ${counted(frames, 'frame')}, ${matched} of them in the table`, {
    event: 'done',
    output,
    frames,
    matched,
  });
  return EXIT_CODES.done;
}

/** The other run that is shown. @throws UsageError where both videos come from stdin */
function besideOf({ beside, besideVideo, align }: Values<typeof RENDER>, video: string): Beside | undefined {
  if (beside === undefined) return undefined;
  if (video === '-' && besideVideo === '-') throw oneFromStdin();
  return { table: beside, video: besideVideo, align };
}

function oneFromStdin(): UsageError {
  return new UsageError('only one input may come from stdin', 'Give the other one as a file.');
}
