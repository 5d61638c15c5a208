import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAST, makeClips } from '../support/batch-runs.js';
import { HAS_OTHER_MACHINES, OtherMachine } from '../support/other-machine.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const GOOD = 4;
const clips = join(folder, 'clips');
const countIn = (messages: string, what: RegExp) => Number(what.exec(messages)?.[1] ?? 0);

beforeAll(async () => {
  await makeClips(folder, 'clips', GOOD);
  await writeFile(join(clips, 'bad.mp4'), 'no video');
});

describe.skipIf(!HAS_OTHER_MACHINES)('a part of a plan that two machines run at once', () => {
  test.each([
    ['with a ledger', 'ledger', []],
    ['without a ledger', 'bare', ['--no-ledger']],
  ])(
    '%s: each video is analysed once, and the merged report has each once',
    async (_, name, options) => {
      const out = join(folder, name);
      expect((await runCli(['plan', clips, '-o', out, '--parts', '1'])).code).toBe(0);
      const args = ['analyze', '--plan', out, '--part', '1', '--jobs', '1', ...FAST, ...options];
      const machines = ['first', 'second'].map(host => new OtherMachine(host, args));
      const codes = await Promise.all(machines.map(({ finished }) => finished));
      const messages = machines.map(({ reported }) => reported);
      expect(codes, messages.join('\n')).toEqual([3, 3]); // The bad one fails for both.
      const [done, already] = [/videos: (\d+) done/, /(\d+) skipped/].map(pattern =>
        messages.reduce((sum, text) => sum + countIn(text, pattern), 0),
      );
      expect([done, already], messages.join('\n')).toEqual([GOOD, GOOD]);

      const merged = await runCli(['jobs', 'merge', '-o', out]);
      expect([merged.code, merged.stderr]).toEqual([0, '']);
      const { counts, videos } = JSON.parse(await readFile(join(out, 'batch.json'), 'utf8'));
      expect(counts).toEqual({ videos: GOOD + 1, done: GOOD, skipped: 0, failed: 1, interrupted: 0, notRun: 0 });
      expect(new Set(videos.map(({ path }: { readonly path: string }) => path)).size).toBe(GOOD + 1);
    },
    120_000,
  );
});
