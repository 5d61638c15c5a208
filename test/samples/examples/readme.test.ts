import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES } from '../../support/examples.js';

const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
const names = readdirSync(EXAMPLES).filter(name => name !== 'README.md');
const read = (name: string) => readFileSync(join(EXAMPLES, name), 'utf8');

test('the list of examples has each of them, and nothing else', () => {
  const linked = [...readme.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text, target]) => [text, target]);
  expect(linked.map(([, target]) => target).sort()).toEqual([...names].sort());
  for (const [text, target] of linked) expect(text).toBe(target);
});

test.each(names)('%s is short, and begins with what it does', name => {
  const lines = read(name).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(50);
  const comments = lines.slice(0, 8).filter(line => /^(#(?!!|SBATCH)|--|\/\/) ?[A-Z]/.test(line));
  expect(comments.length).toBeGreaterThan(0);
});

test('no example names a path of one machine, or a version of the package', () => {
  for (const name of names) {
    expect(read(name)).not.toMatch(/\/(home|Users|tmp\/wt|work)\//);
    expect(read(name)).not.toMatch(/bodyscript[@-]\d/);
  }
});

test('what was not run in its own place says so, in the list and in itself', () => {
  const others = ['aws-batch.yaml', 'aws-batch-s3.yaml', 'batch.Dockerfile', 'kubernetes-job.yaml'];
  for (const name of [...others, 'windows-powershell.ps1']) {
    expect(readme.split('\n').find(line => line.includes(`(${name})`))).toMatch(/not run/);
    expect(read(name)).toMatch(/^# Our tests .*(not|do not run)/m);
  }
});
