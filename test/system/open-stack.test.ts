import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OpenStack } from '../../src/system/open-stack.js';
import { failuresOf, settleAll } from '../../src/system/settle.js';
import { GrowingFile } from '../../src/system/whole-file.js';
import { openDescriptors } from '../support/open-descriptors.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();

async function openTwo(log: string[], fails: boolean): Promise<void> {
  await using opened = new OpenStack();
  opened.add({ close: () => log.push('first') });
  opened.add('second', name => {
    log.push(name);
    throw new Error('cannot be closed');
  });
  if (fails) throw new RangeError('the third cannot be opened');
  opened.keep();
}

describe('the resources that a function has opened', () => {
  test('are closed in reverse order if the function fails, all of them, and its own failure is thrown', async () => {
    const log: string[] = [];
    await expect(openTwo(log, true)).rejects.toThrow(new RangeError('the third cannot be opened'));
    expect(log).toEqual(['second', 'first']);
  });

  test('stay open if they are kept', async () => {
    const log: string[] = [];
    await openTwo(log, false);
    expect(log).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('are closed if an existing file cannot be cut off', async () => {
    await mkdir(join(folder, 'there'));
    const path = join(folder, 'there', 'walk.csv');
    await writeFile(`${path}.partial`, 'frame_id\n');
    await expect(GrowingFile.create(path, Number.NaN)).rejects.toThrow();
    expect(openDescriptors(folder).filter(name => name.startsWith(folder))).toEqual([]);
  });
});

describe('work that is awaited together', () => {
  const late = async (log: string[]) => {
    await new Promise(resolve => setTimeout(resolve, 10));
    log.push('late');
  };

  test('has all settled when one fails, and a single failure is thrown unchanged', async () => {
    const log: string[] = [];
    const failure = new Error('full');
    await expect(settleAll([Promise.reject(failure), late(log), Promise.reject(failure)])).rejects.toBe(failure);
    expect(log).toEqual(['late']);
  });

  test('reports several failures', async () => {
    const work = () => [Promise.reject(new Error('one')), Promise.reject(new Error('two'))];
    await expect(settleAll(work())).rejects.toMatchObject({ errors: [new Error('one'), new Error('two')] });
    expect(await failuresOf(work())).toHaveLength(2);
  });
});
