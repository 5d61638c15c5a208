import { describe, expect, test } from 'vitest';
import { readJob } from '../../src/queue/job-data.js';
import { madeJob, USUAL } from '../support/queue-jobs.js';

describe('the outputs of a job', () => {
  const read = (name: string) => readJob({ ...madeJob('/results', 'walk').data, name }, USUAL.machine);

  test.each([
    '',
    '../walk',
    'a/../../walk',
    '/etc/walk',
    './walk',
    'a//walk',
    'a/',
    '.bodyscript/checkpoints/x',
    '.BodyScript/plan',
    'a\0b',
  ])('may not be called %j', async name => {
    await expect(read(name)).rejects.toMatchObject({ code: 'JOB_INVALID', message: expect.stringMatching(/the name/) });
  });

  test.each(['walk', 'monday/walk', 'a b/100%', 'über/e\u0301', '..walk'])('may be called %j', async name => {
    expect((await read(name)).name).toBe(name);
  });
});
