/** Part of `npm run build`: writes what completion offers, from the commands as they are declared. */
import { writeFile } from 'node:fs/promises';
import { EXIT_CODES } from '../../errors.js';
import { Log } from '../log.js';
import { createProgram } from '../program.js';
import { describeCommand } from './describe-program.js';

const program = await createProgram(
  [],
  {
    signal: new AbortController().signal,
    log: new Log({ level: 'info', json: false, color: false, colorStdout: false }),
    exitCode: EXIT_CODES.done,
    alsoRead: [],
  },
  'all',
);
await writeFile(new URL('catalogue.json', import.meta.url), JSON.stringify(describeCommand(program)));
