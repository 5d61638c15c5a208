import { expect, test } from 'vitest';
import { CYCLE_TABLES, type CycleTable, cycleTable } from '../../../src/postprocess/cycles/cycle-tables.js';
import { findCycles } from '../../../src/postprocess/cycles/find-cycles.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { trueTable } from '../../support/true-table.js';

const folder = await temporaryFolder();
const AUTO = { kind: 'auto', angle: 'auto', personHeight: undefined } as const;

test.each(Object.keys(CYCLE_TABLES) as CycleTable[])(
  '%s comes in pieces, the head and one for each person',
  async name => {
    const found = await findCycles(await trueTable(folder, 'treadmill', 'walk-across'), AUTO);
    const crowd = Array.from({ length: 20 }, (_, i) =>
      found.people.map(person => ({ ...person, id: 2 * i + person.id })),
    );
    const unseen = { id: 99, found: 'rarely seen' as const };
    const [head, ...pieces] = [...cycleTable(name, { ...found, people: [...crowd.flat(), unseen] })];
    expect(head).toBe(`${CYCLE_TABLES[name].head.join(',')}\n`);
    expect(
      pieces.map(
        piece =>
          new Set(
            piece
              .trimEnd()
              .split('\n')
              .map(row => row.split(',')[0]),
          ),
      ),
    ).toEqual(Array.from({ length: 40 }, (_, id) => new Set([String(id)])));
  },
);
