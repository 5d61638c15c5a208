import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXAMPLES, linkPackage, moveLeftWrists, type ProgramResult, runProgram } from '../../support/examples.js';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { IS_FULL } from '../../support/full-tests.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MINUTE = 60_000;
const folder = await temporaryFolder();
const tarball = () => readdir(folder).then(names => names.find(name => name.endsWith('.tgz')) ?? '');
const example = (name: string) => readFile(join(EXAMPLES, name), 'utf8');
/** npm takes from its cache what it has, here and in what the examples run. */
const BASE = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  npm_config_prefer_offline: 'true',
  npm_config_update_notifier: 'false',
};

interface GitHubStep {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

interface GitHubWorkflow {
  readonly jobs: {
    readonly landmarks: { readonly env: Readonly<Record<string, string>>; readonly steps: readonly GitHubStep[] };
  };
}

interface GitLabJob {
  readonly variables: Readonly<Record<string, string>>;
  readonly cache: { readonly key: { readonly files: readonly string[] }; readonly paths: readonly string[] };
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
}

/** A repository as the examples expect it: a clip, its golden table, and the tarball in tools/. */
async function makeRepository(name: string, tool: string): Promise<string> {
  const repository = join(folder, name);
  for (const part of ['clips', 'golden', 'tools']) await mkdir(join(repository, part), { recursive: true });
  const cut = ['-i', join(SAMPLES, 'hands-up.mp4'), '-t', '0.4', '-c:v', 'libx264'];
  await makeWithFfmpeg(cut, join(repository, 'clips/hands-up.mp4'));
  if (IS_FULL) await copyFile(join(folder, await tarball()), join(repository, 'tools', tool));
  return repository;
}

/** Each step in a shell of its own, as the services do, until one fails. */
async function runSteps(
  steps: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<readonly ProgramResult[]> {
  const results: ProgramResult[] = [];
  for (const step of steps) {
    const result = await runProgram('bash', ['-eo', 'pipefail', '-c', step], { cwd, env });
    results.push(result);
    if (result.code !== 0) break;
  }
  return results;
}

/** The golden table: what the comment in an example says, by the program that its steps have installed. */
async function makeGolden(text: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const command = /^# The golden tables: (.*)$/m.exec(text)?.[1];
  expect(await runProgram('bash', ['-c', `npx ${command}`], { cwd, env })).toMatchObject({ code: 0 });
}

/** A path that an example caches or keeps, in the repository. */
const inside = (repository: string, path: string) => join(repository, path);

// The installations, and the services that differ by little: `npm run test:full`.
beforeAll(async () => {
  if (!IS_FULL) return;
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  await promisify(execFile)('npm', pack, { cwd: ROOT, env: BASE });
});

describe('GitHub Actions', () => {
  test(
    'the steps of the workflow run in a fresh repository, keep the networks in the cached folder, and fail for another wrist',
    async () => {
      const text = await example('github-actions.yml');
      const { landmarks } = (parse(text) as GitHubWorkflow).jobs;
      const repository = await makeRepository('github', await tarball());
      const summary = join(folder, 'summary.md');
      const fill = (value: string) => value.replaceAll(/\$\{\{ github\.workspace \}\}/g, repository);
      const own = Object.fromEntries(Object.entries(landmarks.env).map(([key, value]) => [key, fill(value)]));
      const env = { ...BASE, ...own, GITHUB_STEP_SUMMARY: summary };
      const steps = landmarks.steps.flatMap(({ run }) => run ?? []);
      expect(steps.join('\n')).not.toContain('${{');
      const [install = '', doctor = '', ...others] = steps;

      expect(install).toMatch(/^npm install/);
      if (IS_FULL) expect((await runSteps([install], repository, env)).map(({ code }) => code)).toEqual([0]);
      else await linkPackage(repository);
      expect((await runSteps([doctor], repository, env)).map(({ code }) => code)).toEqual([0]);
      await makeGolden(text, repository, env);
      await writeFile(summary, ''); // As the service makes it for each step.
      expect((await runSteps(others, repository, env)).map(({ code }) => code)).toEqual([0, 0]);
      expect(await readFile(summary, 'utf8')).toMatch(/as golden/);

      const cached = landmarks.steps.find(({ uses }) => uses?.startsWith('actions/cache'))?.with;
      const paths = cached?.path?.trim().split('\n') ?? [];
      expect(paths.map(path => inside(repository, path))).toContain(own.BODYSCRIPT_CACHE);
      expect((await readdir(own.BODYSCRIPT_CACHE ?? '')).filter(name => name.endsWith('.onnx')).length).toBeGreaterThan(
        1,
      );
      expect(cached?.key).toContain("hashFiles('tools/bodyscript-*.tgz')");

      await moveLeftWrists(join(repository, 'golden/hands-up.csv'), 100);
      await writeFile(summary, '');
      expect((await runSteps(others, repository, env)).at(-1)?.code).toBe(4);
      expect(await readFile(summary, 'utf8')).toMatch(/left&#95;wrist/);
      const kept = landmarks.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))?.with?.path ?? '';
      expect(await readdir(inside(repository, kept))).toContain('hands-up.csv');
    },
    5 * MINUTE,
  );
});

describe.runIf(IS_FULL)('GitLab CI', () => {
  test(
    'the script of the job runs in a fresh repository, keeps the networks in the cached folder, and writes its report',
    async () => {
      const text = await example('gitlab-ci.yml');
      const { landmarks } = parse(text) as { readonly landmarks: GitLabJob };
      const [tool = ''] = landmarks.cache.key.files;
      const repository = await makeRepository('gitlab', tool.replace('tools/', ''));
      const own = Object.fromEntries(
        Object.entries(landmarks.variables).map(([key, value]) => [key, value.replace('$CI_PROJECT_DIR', repository)]),
      );
      const { npm_config_cache, ...ours } = own;
      // The real cache of npm in place of an empty one: the registry is not asked for what it has.
      expect(npm_config_cache).toMatch(/\.cache\/npm$/);
      const env = { ...BASE, ...ours };
      expect((await runSteps(landmarks.before_script, repository, env)).map(({ code }) => code)).toEqual([0, 0]);
      await makeGolden(text, repository, env);
      expect((await runSteps(landmarks.script, repository, env)).map(({ code }) => code)).toEqual([0, 0]);
      const [cached = ''] = landmarks.cache.paths;
      expect(own.BODYSCRIPT_CACHE?.startsWith(inside(repository, cached))).toBe(true);
      expect((await stat(own.BODYSCRIPT_CACHE ?? '')).isDirectory()).toBe(true);

      await moveLeftWrists(join(repository, 'golden/hands-up.csv'), 100);
      expect((await runSteps(landmarks.script, repository, env)).at(-1)?.code).toBe(4);
      const report = await readFile(inside(repository, landmarks.artifacts.reports.junit), 'utf8');
      expect(report).toMatch(/<failure[\s\S]*left_wrist/);
      expect(await readdir(inside(repository, landmarks.artifacts.paths[0] ?? ''))).toContain('hands-up.csv');
    },
    5 * MINUTE,
  );
});

/** The instructions of a Dockerfile, in order. */
function instructionsOf(text: string): { readonly name: string; readonly rest: string }[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  return lines
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const [, name = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

describe.runIf(IS_FULL)('Docker, without a container', () => {
  test(
    'the RUN lines after that of apt-get run in a folder of their own, and CMD analyses a folder with what they made',
    async () => {
      const instructions = instructionsOf(await example('batch.Dockerfile'));
      expect(instructions.map(({ name }) => name)).toEqual([
        'FROM',
        'RUN',
        'COPY',
        'RUN',
        'ENV',
        'RUN',
        'USER',
        'WORKDIR',
        'CMD',
      ]);
      const root = join(folder, 'image');
      for (const part of ['tmp', 'opt', 'in', 'out']) await mkdir(join(root, part), { recursive: true });
      await copyFile(join(folder, await tarball()), join(root, 'tmp', await tarball()));
      await copyFile(join(SAMPLES, 'hands-up.mp4'), join(root, 'in/hands-up.mp4'));
      /** Absolute paths of the image, below our folder. */
      const moved = (command: string) => command.replace(/(?<=[\s=]|^)\/(?=(tmp|opt|in|out)\b)/g, `${root}/`);
      const [, cache = ''] = instructions.find(({ name }) => name === 'ENV')?.rest.split('=') ?? [];
      const env = {
        ...BASE,
        npm_config_prefix: join(root, 'usr'),
        PATH: `${join(root, 'usr/bin')}:${BASE.PATH}`,
        BODYSCRIPT_CACHE: moved(cache),
      };
      const commands = instructions.filter(({ name, rest }) => name === 'RUN' && !rest.startsWith('apt-get'));
      const steps = commands.map(({ rest }) => `umask 022; ${moved(rest)}`);
      expect((await runSteps(steps, root, env)).map(({ code }) => code)).toEqual([0, 0]);
      await rename(join(root, 'tmp'), join(root, 'no-tmp'));

      const [program = '', ...args] = JSON.parse(instructions.at(-1)?.rest ?? '') as string[];
      const offline = { ...env, npm_config_offline: 'true' };
      const result = await runProgram(program, args.map(moved), { cwd: join(root, 'out'), env: offline });
      expect(result.code).toBe(0);
      expect(await readdir(join(root, 'out'))).toEqual(
        expect.arrayContaining(['hands-up.csv', 'hands-up.overlay.mp4', 'hands-up.run.json']),
      );
    },
    5 * MINUTE,
  );
});
