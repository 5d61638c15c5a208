import { copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planPath } from '../../src/batch/plan/plan-file.js';
import { IS_FULL } from '../support/full-tests.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { SlurmCluster, type SlurmTask } from '../support/slurm.js';
import { reasonAgainstSlurm } from '../support/slurm-daemons.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const [clips, calm] = [join(folder, 'clips'), join(folder, 'calm')];
/** For tasks with one core. "--mode fast" would be slow: it looks at each frame in six ways. */
const OPTIONS = ['--no-overlay', '--mode', 'track', '--model', 'lite', '--threads', '1'];
/** A plan gives each of two parts a long clip and a short one. */
const LONG_CLIPS = ['walk-across', 'treadmill'];
const CLIPS = [...LONG_CLIPS, 'hands-up', 'cut-chest'];
const [NODES, PARTS] = [2, 2];
const TIMEOUT_MS = 180_000;
/** Each task has a node for itself. */
const EXCLUSIVE = ['--exclusive'];

/** Ends a task that is in the middle of a video. @returns whether it did */
type Ending = (cluster: SlurmCluster, task: SlurmTask) => Promise<boolean>;

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** The names of the outputs of a task's long videos; its number ends with that of the part, as `3_1`. */
async function longNamesOf(results: string, { id }: SlurmTask): Promise<string[]> {
  const [, ...lines] = (await readFile(planPath(results), 'utf8')).trimEnd().split('\n');
  const videos = lines.map(line => JSON.parse(line) as { readonly part: number; readonly name: string });
  const own = videos.filter(({ part }) => part === Number(id.split('_')[1]));
  return own.map(({ name }) => name).filter(name => LONG_CLIPS.includes(name));
}

async function isInTheMiddle(results: string, task: SlurmTask): Promise<boolean> {
  for (const name of await longNamesOf(results, task))
    if ((await sizeOf(join(results, `${name}.csv.partial`))) > (await sizeOf(join(calm, `${name}.csv`))) / 4)
      return true;
  return false;
}

// `npm run bench:slurm` has more clips, which Slurm ends at their time limit.
describe.skipIf(!IS_FULL || reasonAgainstSlurm() !== undefined)('tasks of an array on two nodes', () => {
  let cluster: SlurmCluster;

  beforeAll(async () => {
    await mkdir(clips);
    for (const name of CLIPS) await copyFile(join(SAMPLES, `${name}.mp4`), join(clips, `${name}.mp4`));
    expect((await runCli(['analyze', clips, '-o', calm, '-q', ...OPTIONS])).code).toBe(0);
    cluster = await SlurmCluster.start(folder, NODES);
  }, TIMEOUT_MS);

  afterAll(() => cluster[Symbol.asyncDispose]());

  /** Runs the parts of a plan, each of whose tasks is ended once. */
  async function runEnded(results: string, ending: Ending, tasks = PARTS) {
    expect((await runCli(['plan', clips, '-o', results, '--parts', String(PARTS)])).code).toBe(0);
    const ended = new Map<string, string>();
    const nodes = new Map<string, Set<string>>();
    const outcome = await cluster.runArray(await cluster.writeArray(OPTIONS, EXCLUSIVE), PARTS, results, {
      interrupt: async running => {
        for (const task of running) {
          nodes.set(task.id, (nodes.get(task.id) ?? new Set()).add(task.node));
          if (ended.size === tasks || ended.has(task.id) || !(await isInTheMiddle(results, task))) continue;
          if (await ending(cluster, task)) ended.set(task.id, task.node);
        }
      },
    });
    expect(ended.size).toBe(tasks);
    return { ...outcome, ended, nodes };
  }

  /** All videos are done, with the bytes of one calm command; some of them were continued. */
  async function expectAllDone(results: string, continued: number): Promise<void> {
    expect((await runCli(['jobs', 'merge', '-o', results])).code).toBe(0);
    const { counts } = JSON.parse(await readFile(join(results, 'batch.json'), 'utf8'));
    expect(counts).toMatchObject({ videos: CLIPS.length, done: CLIPS.length });
    const resumed: number[] = [];
    for (const name of CLIPS) {
      expect(await readFile(join(results, `${name}.csv`), 'utf8')).toBe(
        await readFile(join(calm, `${name}.csv`), 'utf8'),
      );
      const record = JSON.parse(await readFile(join(results, `${name}.run.json`), 'utf8'));
      resumed.push(...record.resumedAtFrames);
    }
    expect(resumed.filter(frame => frame > 0)).toHaveLength(continued);
    expect((await readdir(results)).filter(name => /partial|failed/.test(name))).toEqual([]);
  }

  test(
    'that get SIGTERM, as before a time limit, are requeued and continue in the middle of their videos',
    async () => {
      const results = join(folder, 'ended');
      const outcome = await runEnded(results, async (_, { id }) => {
        // To the steps, as Slurm does before the time limit; the script itself gets no signal.
        return (await cluster.run('scancel', '--signal=TERM', id)).code === 0;
      });
      expect(outcome).toMatchObject({ publishedTwice: [], requeues: PARTS });
      await expectAllDone(results, PARTS);
    },
    TIMEOUT_MS,
  );

  test(
    'whose nodes a more urgent job takes are requeued and continue in the middle of their videos',
    async () => {
      const results = join(folder, 'preempted');
      const urgent = ['--partition=urgent', '--exclusive', '--output=/dev/null', '--wrap=sleep 2'];
      const outcome = await runEnded(
        results,
        async (_, { node }) => (await cluster.run('sbatch', ...urgent, `--nodelist=${node}`)).code === 0,
      );
      expect(outcome).toMatchObject({ publishedTwice: [], requeues: PARTS });
      await expectAllDone(results, PARTS);
    },
    TIMEOUT_MS,
  );

  test(
    'that are killed fail; the array, submitted again, continues in the middle of their videos',
    async () => {
      const results = join(folder, 'killed');
      const kill: Ending = async (_, { node }) => {
        await cluster.killStep(node);
        return true;
      };
      const killed = await runEnded(results, kill);
      expect(killed).toMatchObject({ publishedTwice: [], requeues: 0 });
      expect(killed.messages.match(/exit code|Killed/g)).toHaveLength(PARTS);
      const again = await cluster.runArray(await cluster.writeArray(OPTIONS, EXCLUSIVE), PARTS, results);
      expect(again).toMatchObject({ publishedTwice: [], requeues: 0 });
      await expectAllDone(results, PARTS);
    },
    TIMEOUT_MS,
  );

  // The last one: the node stays lost.
  test(
    'whose node is lost start again on another node, and continue there in the middle of the video',
    async () => {
      const results = join(folder, 'lost');
      const lose: Ending = async (_, { node }) => {
        await cluster.loseNode(node);
        return true;
      };
      const { ended, nodes, publishedTwice } = await runEnded(results, lose, 1);
      const [[id = '', lost = ''] = []] = ended;
      expect([...(nodes.get(id) ?? [])]).toEqual([lost, lost === 'n1' ? 'n2' : 'n1']);
      expect(publishedTwice).toEqual([]);
      await expectAllDone(results, 1);
    },
    TIMEOUT_MS,
  );
});
