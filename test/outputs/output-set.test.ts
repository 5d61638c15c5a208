import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { Frame } from '../../src/model/frame.js';
import { OUTPUTS } from '../../src/outputs/catalogue.js';
import type { Output, OutputKind, Taken } from '../../src/outputs/output.js';
import { OutputSet, type SetContext } from '../../src/outputs/output-set.js';
import { plannedOutputs } from '../../src/outputs/planned-outputs.js';
import { takenOf } from '../../src/outputs/taken.js';
import { NO_OUTPUTS } from '../../src/outputs/wanted-outputs.js';

const CONTEXT = { options: NO_OUTPUTS, stem: 'walk', display: { width: 4, height: 2 } } as SetContext;
const CLEAN = 7;
const PAINTED = 200;

function frameOf(): Frame {
  const image = { width: 4, height: 2, data: new Uint8Array(12).fill(CLEAN), matrix: 'bt601' as const };
  return { frameId: 0, timestamp: 0, steady: { seconds: 0, leaps: 0 }, image, release: () => {} };
}

const takenOfOne = (frame = frameOf()) =>
  takenOf(frame, { frameId: 0, timestamp: 0, status: 'missing', people: [] }, { width: 4, height: 2 });

function kindOf(
  name: string,
  phase: OutputKind['phase'],
  write: (taken: Taken['pictures']) => Promise<void> | void,
  more: Partial<Output<'pictures'>> = {},
): OutputKind<'pictures'> {
  const output: Output<'pictures'> = {
    write,
    finish: async () => {},
    publish: async () => [name],
    abandon: async () => {},
    ...more,
  };
  const files = () => [{ path: name, role: 'grows' as const }];
  return { name, needs: 'pictures', phase, resumes: true, decidedBy: [], files, open: async () => output };
}

const open = (...kinds: OutputKind[]) =>
  OutputSet.open(
    kinds.map(kind => ({ kind, files: [] })),
    CONTEXT,
  );

const paint = (name: string, log: string[] = []) =>
  kindOf(name, 'paints', async ({ frame }) => {
    log.push(`${name} begins`);
    await delay(5);
    frame.image.data.fill(PAINTED);
    log.push(`${name} ends`);
  });

describe('outputs that are open together', () => {
  test('paint into a picture only after all its readers have finished, whatever their order and however long they take', async () => {
    const seen: (number | undefined)[] = [];
    const slow = kindOf('slow', 'reads', async ({ frame }) => {
      await delay(30);
      seen.push(frame.image.data[0]);
    });
    const quick = kindOf('quick', 'reads', ({ frame }) => {
      seen.push(frame.image.data[0]);
    });
    const frame = frameOf();
    await (await open(paint('painter'), slow, quick)).write(takenOfOne(frame));
    expect(seen).toEqual([CLEAN, CLEAN]);
    expect(frame.image.data[0]).toBe(PAINTED);
  });

  test('paint one after another, in the order of the catalogue', async () => {
    const log: string[] = [];
    await (await open(paint('first', log), paint('second', log))).write(takenOfOne());
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  test('do not paint if a reader fails, and the failure waits for the other readers: the picture is then free', async () => {
    const log: string[] = [];
    const fails = kindOf('fails', 'reads', () => Promise.reject(new Error('full')));
    const slow = kindOf('slow', 'reads', async () => {
      await delay(20);
      log.push('slow ends');
    });
    await expect((await open(fails, slow, paint('painter', log))).write(takenOfOne())).rejects.toThrow('full');
    expect(log).toEqual(['slow ends']);
  });

  test('that throw synchronously fail like those that reject', async () => {
    const throws = kindOf('throws', 'reads', () => {
      throw new RangeError('at once');
    });
    await expect((await open(throws)).write(takenOfOne())).rejects.toThrow('at once');
  });

  test('close those opened before one that cannot be, with its own failure', async () => {
    const abandon = vi.fn(() => Promise.reject(new Error('worse')));
    const first = kindOf('first', 'reads', () => {}, { abandon });
    const broken: OutputKind<'pictures'> = {
      ...kindOf('broken', 'reads', () => {}),
      open: () => Promise.reject(new RangeError('no memory')),
    };
    await expect(open(first, broken)).rejects.toThrow(new RangeError('no memory'));
    expect(abandon).toHaveBeenCalledTimes(1);
  });

  test('are abandoned when disposed of, unless they were published', async () => {
    const abandon = vi.fn(async () => {});
    const kind = kindOf('one', 'reads', () => {}, { abandon });
    {
      await using outputs = await open(kind);
      expect(await outputs.publish()).toEqual(['one']);
    }
    expect(abandon).not.toHaveBeenCalled();
    {
      await using outputs = await open(kind);
      await outputs.finish();
    }
    expect(abandon).toHaveBeenCalledTimes(1);
  });

  test('finish after the one whose file they need', async () => {
    const log: string[] = [];
    const finish = (name: string, ms: number) => async () => {
      await delay(ms);
      log.push(name);
    };
    const film = kindOf('film', 'paints', () => {}, { finish: finish('film', 20) });
    const cut = { ...kindOf('cut', 'reads', () => {}, { finish: finish('cut', 0) }), after: film };
    await (await open(film, cut)).finish();
    expect(log).toEqual(['film', 'cut']);
  });

  test('of a table cannot be any that need more', async () => {
    const planned = [{ kind: paint('painter') as OutputKind, files: [] }];
    await expect(OutputSet.openForTable(planned, CONTEXT)).rejects.toThrow('painter cannot be made of a table');
  });
});

describe('the catalogue', () => {
  test('has each name once, and saves a state of all that need more than the table', () => {
    expect(new Set(OUTPUTS.map(({ name }) => name)).size).toBe(OUTPUTS.length);
    expect(OUTPUTS.filter(({ needs, resumes }) => needs !== 'table' && !resumes)).toEqual([]);
  });

  test('gives none by default, and exports in the requested order', () => {
    expect(plannedOutputs('walk', NO_OUTPUTS)).toEqual([]);
    const options = { ...NO_OUTPUTS, csv: 'auto', plots: true, exports: ['parquet', 'trc', 'mot'] as const };
    expect(plannedOutputs('walk', options).map(({ kind }) => kind.name)).toEqual([
      'csv',
      'plots',
      'parquet',
      'trc',
      'mot',
    ]);
  });
});
