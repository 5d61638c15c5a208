import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXAMPLES, runProgram, withBodyscriptOnPath } from '../../support/examples.js';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { IS_FULL } from '../../support/full-tests.js';
import { pythonWith } from '../../support/readers.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MINUTE = 60_000;
const folder = await temporaryFolder();
const work = join(folder, 'work');
const NAMES = ['one', 'two', 'three'];
const example = (name: string) => readFile(join(EXAMPLES, name), 'utf8');
let env: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  env = await withBodyscriptOnPath(folder);
  const cut = ['-i', join(SAMPLES, 'hands-up.mp4'), '-t', '0.3', '-vf', 'scale=160:-2', '-c:v', 'libx264'];
  await mkdir(join(work, 'clips'), { recursive: true });
  const [first = '', ...others] = NAMES.map(name => join(work, 'clips', `${name}.mp4`));
  await makeWithFfmpeg(cut, first);
  for (const other of others) await copyFile(first, other);
});

/** A command line of an example, with the folders of its container in ours. */
async function run(command: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const [program = '', ...args] = command.map(word => word.replace(/^\/data\b/, work));
  return runProgram(program, args, { cwd: folder, env: { ...env, ...more } });
}

const tablesIn = async (results: string) => (await readdir(results)).filter(name => name.endsWith('.csv')).sort();
const TABLES = NAMES.map(name => `${name}.csv`).sort();

interface Container {
  readonly name: string;
  readonly command: readonly string[];
}

interface KubernetesJob {
  readonly spec: {
    readonly completions: number;
    readonly podFailurePolicy: {
      readonly rules: readonly { readonly action: string; readonly onExitCodes?: object }[];
    };
    readonly template: { readonly spec: { readonly initContainers: Container[]; readonly containers: Container[] } };
  };
}

// In `npm test`, the job of AWS stands for those that differ by little.
describe.runIf(IS_FULL)('the Kubernetes job, without a cluster', () => {
  test(
    'replaces pods one after another, gives no part a retry that would fail again, and its commands do all parts',
    async () => {
      const { spec } = parse(await example('kubernetes-job.yaml')) as KubernetesJob;
      expect(spec).toMatchObject({
        completionMode: 'Indexed',
        podReplacementPolicy: 'Failed',
        backoffLimitPerIndex: expect.any(Number),
        template: { spec: { restartPolicy: 'Never' } },
      });
      const [failIndex, ignored] = spec.podFailurePolicy.rules;
      expect(failIndex).toEqual({
        action: 'FailIndex',
        onExitCodes: { containerName: 'part', operator: 'In', values: [2, 3] },
      });
      expect(ignored).toMatchObject({ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] });
      const [plan, part] = [spec.template.spec.initContainers[0], spec.template.spec.containers[0]];
      expect([part?.name, plan?.command.at(-1)]).toEqual(['part', String(spec.completions)]);
      expect(await run(plan?.command ?? [])).toMatchObject({ code: 0 });
      for (let index = 0; index < spec.completions; index++)
        expect(await run(part?.command ?? [], { JOB_COMPLETION_INDEX: String(index) })).toMatchObject({ code: 0 });
      expect(await tablesIn(join(work, 'results'))).toEqual(TABLES);
      expect(await run(part?.command ?? [], { JOB_COMPLETION_INDEX: '8' })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('completions: 8'),
      });
      await rm(join(work, 'results'), { recursive: true });
    },
    3 * MINUTE,
  );
});

describe('the job definition for AWS Batch, without AWS', () => {
  test(
    'tries again what was taken away and nothing else, and its command does a part',
    async () => {
      const { retryStrategy, containerProperties } = parse(await example('aws-batch.yaml'));
      const actions = retryStrategy.evaluateOnExit.map((rule: Record<string, string>) => [
        rule.onStatusReason ?? rule.onExitCode ?? rule.onReason,
        rule.action,
      ]);
      expect(actions).toEqual([
        ['Host EC2*', 'RETRY'],
        ['143', 'RETRY'],
        ['137', 'RETRY'],
        ['*', 'EXIT'],
      ]);
      expect(containerProperties.mountPoints[0].sourceVolume).toBe(containerProperties.volumes[0].name);
      expect(await run(['bodyscript', 'plan', '/data/clips', '-o', '/data/results', '--parts', '2'])).toMatchObject({
        code: 0,
      });
      for (const index of ['0', '1'])
        expect(await run(containerProperties.command, { AWS_BATCH_JOB_ARRAY_INDEX: index })).toMatchObject({ code: 0 });
      expect(await tablesIn(join(work, 'results'))).toEqual(TABLES);
      await rm(join(work, 'results'), { recursive: true });
    },
    MINUTE,
  );
});

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
}

interface MatrixWorkflow {
  readonly jobs: {
    readonly part: {
      readonly strategy: { readonly matrix: { readonly part: readonly number[] } };
      readonly env: { readonly PARTS: number };
      readonly steps: readonly Step[];
    };
    readonly merge: { readonly steps: readonly Step[] };
  };
}

describe.runIf(IS_FULL)('the GitHub matrix', () => {
  test(
    'its steps analyse all clips in their jobs, and join the results of all',
    async () => {
      const { part, merge } = (parse(await example('github-matrix.yml')) as MatrixWorkflow).jobs;
      expect(part.strategy.matrix.part).toEqual(Array.from({ length: part.env.PARTS }, (_, i) => i + 1));
      const uploads = part.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))?.with;
      expect(uploads).toMatchObject({ path: 'results', 'include-hidden-files': true });
      const repository = join(folder, 'repository');
      await mkdir(join(repository, 'tools'), { recursive: true });
      await cp(join(work, 'clips'), join(repository, 'clips'), { recursive: true });
      const npm = { ...env, npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false' };
      const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', join(repository, 'tools')];
      await promisify(execFile)('npm', pack, { cwd: ROOT, env: npm });
      const runSteps = async (steps: readonly string[], more: NodeJS.ProcessEnv) => {
        for (const step of steps) {
          const result = await runProgram('bash', ['-eo', 'pipefail', '-c', step], {
            cwd: repository,
            env: { ...npm, ...more },
          });
          expect(result).toMatchObject({ code: 0 });
        }
      };
      const [install = '', ...commands] = part.steps.flatMap(step => step.run ?? []);
      await runSteps([install], {});
      for (const number of part.strategy.matrix.part) {
        await runSteps(commands, { PART: String(number), PARTS: String(part.env.PARTS) });
        await rename(join(repository, 'results'), join(folder, `part-${number}`));
      }
      // What merge-multiple makes of the artifacts.
      for (const number of part.strategy.matrix.part)
        await cp(join(folder, `part-${number}`), join(repository, 'results'), { recursive: true });
      const [installAgain, ...joining] = merge.steps.flatMap(step => step.run ?? []);
      expect(installAgain).toBe(install);
      await runSteps(joining, {});
      const { counts, parts } = JSON.parse(await readFile(join(repository, 'results', 'batch.json'), 'utf8'));
      expect([parts, counts]).toEqual([part.env.PARTS, expect.objectContaining({ videos: 3, done: 3, notRun: 0 })]);
      expect(await tablesIn(join(repository, 'results'))).toEqual(TABLES);
    },
    5 * MINUTE,
  );
});

const python = pythonWith('snakemake');

describe.skipIf(!IS_FULL || !python)('the Snakefile', () => {
  test(
    'analyses the parts, skips a bad video, joins the results, and does only what is new the next time',
    async () => {
      const clips = join(folder, 'snake-clips');
      await cp(join(work, 'clips'), clips, { recursive: true });
      await copyFile(join(EXAMPLES, 'Snakefile'), join(clips, 'bad.mp4'));
      const results = join(folder, 'snake-results');
      const snakemake = (...more: readonly string[]) =>
        runProgram(
          python ?? '',
          [
            ...['-m', 'snakemake', '--snakefile', join(EXAMPLES, 'Snakefile'), '--cores', '2', '--directory', folder],
            ...[...more, '--config', `clips=${clips}`, `results=${results}`, 'parts=2'],
          ],
          // Its own caches stay here, too.
          { cwd: folder, env: { ...env, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') } },
        );
      const first = await snakemake();
      expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('100%')]);
      const countsOf = async () => JSON.parse(await readFile(join(results, 'batch.json'), 'utf8')).counts;
      expect(await countsOf()).toMatchObject({ videos: 4, done: 3, failed: 1 });
      expect((await snakemake()).stderr + (await snakemake()).stdout).toContain('Nothing to be done');
      await copyFile(join(clips, 'one.mp4'), join(clips, 'four.mp4'));
      expect((await snakemake('--forcerun', 'plan')).code).toBe(0);
      expect(await countsOf()).toMatchObject({ videos: 5, done: 4, failed: 1 });
      expect(await tablesIn(results)).toEqual(['four.csv', ...TABLES].sort());
    },
    5 * MINUTE,
  );
});
