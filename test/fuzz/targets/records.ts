import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { SAMPLES } from '../../support/reference-clips.js';
import { runCli } from '../../support/run-cli.js';
import type { FuzzTarget, World } from '../fuzz-target.js';
import { writeJson } from '../hostile-values.js';
import { mutateBytes, mutateJson } from '../mutate.js';
import type { Random } from '../random.js';

const READ_BY_ALL = ['a.run.json', 'a.quality.json', 'batch.json'];

export const records: FuzzTarget = {
  name: 'records',
  inputs: 150,
  async prepare(folder) {
    const clip = await makeWithFfmpeg(['-i', join(SAMPLES, 'wave.mp4'), '-t', '0.3'], join(folder, 'a.mp4'));
    const out = join(folder, 'out');
    const extras = ['--quality', '--angles', '--contact-sheet', '--thumbnail', '--plots', '--mode', 'track'];
    const { code, stderr } = await runCli(['analyze', folder, '-o', out, ...extras]);
    if (code !== 0) throw new Error(stderr);
    const calm = join(folder, 'calm');
    await cp(out, calm, { recursive: true });
    await runCli(['report', calm]);
    const scripts = await countScripts(calm);
    return async (world, random) => {
      await cp(out, world.out, { recursive: true });
      const file = join(world.out, random.pick(READ_BY_ALL));
      await writeFile(file, mutated(await readFile(file), random));
      if (random.chance(0.2)) await addTrap(world, random);
      const golden = join(folder, 'calm');
      const args = random.pick([
        ['report', world.out],
        ['report', world.out],
        ['analyze', clip, '-o', world.out, '--no-overlay', '--mode', 'track', '--max-frames', '2'],
        ['jobs', 'list', '-o', world.out],
        ['compare', golden, world.out],
      ]);
      return { args, check: async () => unsafePages(world.out, scripts) };
    };
  },
};

function mutated(bytes: Buffer, random: Random): Buffer | string {
  if (random.chance(0.25)) return mutateBytes(bytes, random);
  return writeJson(mutateJson(JSON.parse(bytes.toString()), random));
}

/** Things that a folder may contain instead of files. */
async function addTrap({ out, outside }: World, random: Random): Promise<void> {
  const trap = random.pick<() => Promise<unknown>>([
    () => mkdir(join(out, 'b.run.json')),
    () => symlink(join(outside, 'keep.txt'), join(out, 'b.run.json')),
    () => symlink('loop.run.json', join(out, 'loop.run.json')),
    () => writeFile(join(out, 'b.run.json'), ''),
    () => cp(join(out, 'a.run.json'), join(out, '<img src=x onerror=alert(1)>.run.json')),
  ]);
  await trap();
}

async function countScripts(folder: string): Promise<number> {
  const counts = (await pagesIn(folder)).map(({ document }) => document.querySelectorAll('script').length);
  return Math.max(0, ...counts);
}

async function pagesIn(folder: string) {
  const names = (await readdir(folder)).filter(name => name.endsWith('.html'));
  return Promise.all(
    names.map(async name => ({ name, document: parseHTML(await readFile(join(folder, name), 'utf8')).document })),
  );
}

function unsafeAttributes({
  tagName,
  attributes,
}: {
  tagName: string;
  attributes: Iterable<{ name: string; value: string }>;
}): string[] {
  const problems: string[] = [];
  for (const { name, value } of attributes) {
    if (/^on/i.test(name)) problems.push(`<${tagName} ${name}>`);
    if (/^\s*(javascript|vbscript):/i.test(value)) problems.push(`${name}="${value.slice(0, 80)}"`);
  }
  return problems;
}

/** What hostile text could have inserted into a page. */
async function unsafePages(out: string, scripts: number): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, document } of await pagesIn(out)) {
    const found = document.querySelectorAll('script').length;
    if (found > scripts) problems.push(`${name}: ${found} scripts in place of ${scripts}`);
    for (const element of document.querySelectorAll('*')) {
      problems.push(...unsafeAttributes(element).map(problem => `${name}: ${problem}`));
    }
    const text = document.documentElement.innerHTML;
    if (text.includes(Buffer.from('nobody may touch this').toString('base64').slice(0, 24))) {
      problems.push(`${name}: holds a file from outside of the folder`);
    }
  }
  return problems;
}
