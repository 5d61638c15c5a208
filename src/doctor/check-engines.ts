import { loadModel } from '../engine/models/model-store.js';
import { MODEL_NAMES } from '../engine/models/task-bundle.js';
import { loadNativeModels } from '../engine/native/native-models.js';
import { DEFAULT_ENGINE_OPTIONS, type PoseEngine } from '../engine/pose-engine.js';
import { createEngine } from '../engine/worker/create-engine.js';
import { ENGINE_NAMES, type EngineName } from '../engine/worker/protocol.js';
import type { RgbaImage } from '../model/picture.js';
import { type CheckResult, checked, good } from './check.js';

/** Result for an engine that loads but could not be tried. */
const UNTRIED = 'not tried on the test image, because ffmpeg could not decode it';
/**
 * Where the person's nose and right wrist are in the picture, as fractions of its sides (`samples/wave.truth.json`),
 * and the largest accepted distance.
 */
const TRUTH = [
  { id: 0, x: 0.5, y: 0.267 },
  { id: 16, x: 0.337, y: 0.228 },
] as const;
const MOST_OFF = 0.05;

/**
 * Checks the models, and tries each engine on a picture of one person.
 * @param picture undefined where ffmpeg could not decode it
 */
export async function checkEngines(picture: RgbaImage | undefined, signal?: AbortSignal): Promise<CheckResult[]> {
  const models: CheckResult[] = [];
  for (const name of MODEL_NAMES) {
    signal?.throwIfAborted();
    models.push(await checkModel(name)); // One by one: a conversion takes up to 400 MB.
  }
  const engines: CheckResult[] = [];
  const helpers: CheckResult[] = [];
  for (const name of ENGINE_NAMES) {
    signal?.throwIfAborted();
    engines.push(await checkEngine(name, picture, helpers));
  }
  const works = engines.some(({ health, found }) => health === 'good' || found.endsWith(UNTRIED));
  return [
    ...models,
    ...engines.map(result => (works || result.health === 'good' ? result : { ...result, health: 'missing' as const })),
    ...helpers,
  ];
}

/** Makes both forms of a model where they are not in the cache yet, which is how an image fills its own. */
async function checkModel(name: (typeof MODEL_NAMES)[number]): Promise<CheckResult> {
  return checked(`model-${name}`, 'limited', 'npm install @mediapipe/pose', async () => {
    const { sha256 } = await loadModel(name);
    await loadNativeModels(name);
    return good(`SHA-256 ${sha256}`);
  });
}

/**
 * @param picture undefined where ffmpeg could not decode it
 * @param helpers filled with what was found of the networks beside the usual ones
 */
async function checkEngine(
  name: EngineName,
  picture: RgbaImage | undefined,
  helpers: CheckResult[],
): Promise<CheckResult> {
  const fix =
    name === 'native'
      ? 'npm install --include=optional --ignore-scripts onnxruntime-node'
      : 'npm install @mediapipe/tasks-vision';
  return checked(`engine-${name}`, 'limited', fix, async () => {
    const warnings: string[] = [];
    await using engine = await createEngine(name, { ...DEFAULT_ENGINE_OPTIONS, helpers: true }, text =>
      warnings.push(text),
    );
    const { version, provider, weights, reason } = engine.info;
    const where = weights === undefined ? '' : `, weights ${weights}${reason === undefined ? '' : `: ${reason}`}`;
    helpers.push(...(await checkHelpers(engine, picture)));
    if (!picture) return { health: 'limited', found: `${version} loads (${provider}); ${UNTRIED}` };
    const start = performance.now();
    await checkPose(engine, picture);
    return good(
      `${version} (${provider}${where}) finds the person in the test image in ${Math.round(performance.now() - start)} ms`,
    );
  });
}

/** The networks that an engine loads when they are first asked: the refining one, and the one that finds people. */
async function checkHelpers(engine: PoseEngine, picture: RgbaImage | undefined): Promise<CheckResult[]> {
  const { refiner, finder } = engine.info;
  const seen = picture ?? blankPicture();
  const results: CheckResult[] = [];
  if (refiner) {
    results.push(
      await checked('refining-network', 'limited', 'npm install @mediapipe/pose', async () => {
        const { width, height } = seen;
        const region = { x: width / 2, y: height / 2, size: height, rotation: 0 };
        const poses = await engine.detect(seen, { region, refine: true });
        if (picture && poses.length === 0) throw new Error(`${refiner.model} finds no person in the test image`);
        return good(`${refiner.model} ${picture ? 'finds the person in the test image' : 'loads'}`);
      }),
    );
  }
  if (finder) {
    results.push(
      // The usual mode fails without it.
      await checked('person-finder', 'missing', undefined, async () => {
        const boxes = await engine.findPeople(seen);
        if (picture && boxes?.length !== 1) {
          throw new Error(`${finder.model} finds ${boxes?.length ?? 0} people in the test image, which shows one`);
        }
        const does = picture ? 'finds the person in the test image' : 'loads';
        return good(`${finder.model} ${does}, SHA-256 ${finder.modelSha256}`);
      }),
    );
  }
  return results;
}

const blankPicture = (): RgbaImage => ({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 4) });

async function checkPose(engine: PoseEngine, picture: RgbaImage): Promise<void> {
  const poses = await engine.detect(picture);
  const [pose] = poses;
  if (!pose) throw new Error('finds no person in the test image');
  for (const { id, x, y } of TRUTH) {
    const found = pose.landmarks[id];
    const off = found ? Math.hypot(found.x - x, found.y - y) : Number.POSITIVE_INFINITY;
    if (off > MOST_OFF)
      throw new Error(`finds the person in the test image in a wrong place (landmark ${id}, ${off.toFixed(2)} off)`);
  }
}
