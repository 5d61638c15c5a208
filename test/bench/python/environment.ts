/** A Python environment with MediaPipe, made once and kept in the cache folder of benches. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { shortMessage } from '../../../src/errors.js';

const run = promisify(execFile);
const packageFolder = dirname(createRequire(import.meta.url).resolve('@mediapipe/pose/package.json'));

/** The last MediaPipe with wheels for Python 3.9 to 3.12 that has `mp.solutions.pose`. */
const PACKAGES = ['mediapipe==0.10.21', 'opencv-python-headless==4.11.0.86'];
const PYTHONS = ['python3', 'python3.12', 'python3.11', 'python3.10', 'python3.9'];
/** Python fetches these from a server of Google's at the first use; the npm package carries the same files. */
const FETCHED_LATER = ['pose_landmark_lite.tflite', 'pose_landmark_heavy.tflite'];

export const PLAIN_SCRIPT = fileURLToPath(new URL('./plain_script.py', import.meta.url));

export interface PythonEnvironment {
  readonly python: string;
  /** As `Python 3.11.7, mediapipe 0.10.21, OpenCV 4.11.0`. */
  readonly versions: string;
}

async function versionsIn(python: string): Promise<string> {
  const script =
    'import sys, cv2; from importlib.metadata import version; ' +
    'print("Python", sys.version.split()[0] + ", mediapipe", version("mediapipe") + ", OpenCV", cv2.__version__)';
  return (await run(python, ['-c', script])).stdout.trim();
}

async function makeWith(system: string, folder: string): Promise<void> {
  const building = `${folder}.partial`;
  await rm(building, { recursive: true, force: true });
  await run(system, ['-m', 'venv', '--copies', building]);
  const python = join(building, 'bin', 'python');
  await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { maxBuffer: 1 << 26 });
  const where = 'import mediapipe, os; print(os.path.dirname(mediapipe.__file__))';
  const { stdout } = await run(python, ['-c', where]);
  for (const name of FETCHED_LATER) {
    await copyFile(join(packageFolder, name), join(stdout.trim(), 'modules', 'pose_landmark', name));
  }
  await versionsIn(python);
  await rm(folder, { recursive: true, force: true });
  await rename(building, folder);
}

/**
 * The environment, created if it does not exist yet (a minute, 1.1 GB).
 * @returns or, in a sentence, why it is unavailable: no Python, or no network
 */
export async function pythonEnvironment(cache: string): Promise<PythonEnvironment | string> {
  const folder = join(cache, 'python');
  const python = join(folder, 'bin', 'python');
  if (!existsSync(python)) {
    await mkdir(cache, { recursive: true });
    let failure: unknown;
    for (const system of PYTHONS) {
      try {
        await makeWith(system, folder);
        break;
      } catch (error) {
        // The reason why the first fails is more helpful than a missing python3.9.
        failure ??= error;
      }
    }
    if (!existsSync(python)) {
      return `Nothing to compare with: no Python environment with ${PACKAGES.join(' and ')} could be made in ${folder} (${shortMessage(failure)}).`;
    }
  }
  return { python, versions: await versionsIn(python) };
}
