import { describe, expect, test } from 'vitest';
import { partIndex } from '../../../src/batch/plan/part-index.js';
import { UsageError } from '../../../src/errors.js';

describe('the part of a plan that a task does', () => {
  test.each([
    ['Slurm counts from 1', { SLURM_ARRAY_TASK_ID: '3' }, 3],
    ['Grid Engine counts from 1', { SGE_TASK_ID: '8' }, 8],
    ['Kubernetes counts from 0', { JOB_COMPLETION_INDEX: '0' }, 1],
    ['AWS Batch counts from 0', { AWS_BATCH_JOB_ARRAY_INDEX: '7' }, 8],
    ['Grid Engine says "undefined" outside of arrays', { SGE_TASK_ID: 'undefined', JOB_COMPLETION_INDEX: '1' }, 2],
    [
      'a sparse array has the number of its task, not its place',
      { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_COUNT: '2' },
      5,
    ],
  ])('%s', (_, variables, index) => {
    expect(partIndex('auto', 8, variables)).toBe(index);
  });

  test('a number counts from 1, whatever the scheduler says', () => {
    expect(partIndex('2', 8, { SLURM_ARRAY_TASK_ID: '3' })).toBe(2);
  });

  test.each([
    ['beyond the plan', 'auto', { SLURM_ARRAY_TASK_ID: '9' }, /SLURM_ARRAY_TASK_ID=9: the plan has parts 1-8/],
    ['before the first', 'auto', { SLURM_ARRAY_TASK_ID: '0' }, /=0: the plan has/],
    ['beyond the plan, counted from 0', 'auto', { JOB_COMPLETION_INDEX: '8' }, /=8: the plan has/],
    ['not a number', 'auto', { SGE_TASK_ID: '1-8' }, /SGE_TASK_ID=1-8: the plan has/],
    ['without a scheduler', 'auto', {}, /no scheduler has set SLURM_ARRAY_TASK_ID/],
    ['a part beyond the plan', '9', {}, /--part 9: the plan has/],
  ])('is an error: %s', (_, part, variables, says) => {
    expect(() => partIndex(part, 8, variables)).toThrow(UsageError);
    expect(() => partIndex(part, 8, variables)).toThrow(says);
  });
});
