import { describe, expect, test } from 'vitest';
import { queueError } from '../../src/queue/queue-error.js';
import { withoutSecrets } from '../../src/text/url.js';

const SHOWN = 'redis://host:6379/0';

describe('an answer of the server', () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", /memory is full/, /maxmemory/],
    ["READONLY You can't write against a read only replica.", /takes no changes/, /main server/],
    ['MISCONF Redis is configured to save RDB snapshots', /takes no changes/, /log/],
    ['Unknown RESP type 60 "<". Please report this.', /is not Redis/, /6379/],
    ['WRONGPASS invalid username-password pair', /refuses the name or the password/, /name, colon, password and @/],
  ])('%s has its own meaning and remedy', (answer, says, remedy) => {
    const error = queueError(new Error(answer), SHOWN);
    expect(error).toMatchObject({ code: 'QUEUE_UNREACHABLE', message: expect.stringMatching(says) });
    expect(error.message).not.toContain('cannot be reached');
    // As it is printed.
    expect(withoutSecrets(error.remedy ?? '')).toMatch(remedy);
  });
});
