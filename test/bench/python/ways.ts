/** The compared ways to get landmarks from a video, with and without an overlay. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PLAIN_SCRIPT } from './environment.js';

const BIN = fileURLToPath(new URL('../../../bin/bodyscript.js', import.meta.url));

export interface Way {
  readonly name: string;
  readonly overlay: boolean;
  /** The reference: Python with a network of that size. */
  readonly against: string;
  command(video: string, folder: string): readonly string[];
}

export const PYTHON_FULL = 'Python, full';
const PYTHON_HEAVY = 'Python, heavy';
export const TRACK = 'bodyscript track, full';
export const DEFAULT = 'bodyscript, default options';
const TRACK_HEAVY = 'bodyscript track, heavy';

/** Arguments of Python's script, by complexity as MediaPipe numbers its networks. */
export function pythonCommand(
  python: string,
  video: string,
  csv: string,
  { complexity = 1, overlay, confidence }: { complexity?: number; overlay?: string; confidence?: number } = {},
): string[] {
  const drawn = overlay === undefined ? [] : ['--overlay', overlay];
  const sure = confidence === undefined ? [] : ['--confidence', String(confidence)];
  return [python, PLAIN_SCRIPT, video, csv, '--complexity', String(complexity), ...drawn, ...sure];
}

function pythonWay(python: string, name: string, complexity: number, overlay: boolean): Way {
  return {
    name,
    overlay,
    against: name,
    command: (video, folder) =>
      pythonCommand(python, video, join(folder, 'python.csv'), {
        complexity,
        ...(overlay ? { overlay: join(folder, 'python.mp4') } : {}),
      }),
  };
}

function ourWay(name: string, against: string, options: readonly string[], overlay: boolean): Way {
  const all = [...options, ...(overlay ? [] : ['--no-overlay'])];
  return {
    name,
    overlay,
    against,
    command: (video, folder) => [
      process.execPath,
      BIN,
      ...['analyze', video, '-o', folder, '--force', '--overwrite', '--quiet'],
      ...all,
    ],
  };
}

/** All ways, in the order of a round. */
export function allWays(python: string): Way[] {
  return [false, true].flatMap(overlay => [
    pythonWay(python, PYTHON_FULL, 1, overlay),
    ourWay(TRACK, PYTHON_FULL, ['--mode', 'track'], overlay),
    ourWay(DEFAULT, PYTHON_FULL, [], overlay),
    pythonWay(python, PYTHON_HEAVY, 2, overlay),
    ourWay(TRACK_HEAVY, PYTHON_HEAVY, ['--mode', 'track', '--model', 'heavy'], overlay),
  ]);
}
