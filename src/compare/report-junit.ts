import { createRequire } from 'node:module';
import type { Builder } from 'junit-report-builder';
import type { SetComparison } from './compare-folders.js';
import { describeWorst } from './report-text.js';

// Its types tell of a default export that Node does not see.
const junit = createRequire(import.meta.url)('junit-report-builder') as { newBuilder(): Builder };

/** The report as JUnit XML: a test case for each file. */
export function reportJunit({ files, lost }: SetComparison): string {
  const builder = junit.newBuilder();
  const suite = builder.testSuite().name('bodyscript compare');
  for (const { new: fresh, passed, failures, hints, worstFrames } of files) {
    const test = suite.testCase().className('landmarks').name(fresh);
    if (passed) continue;
    const text = [...failures, ...hints, ...worstFrames.map(describeWorst)].join('\n');
    test.failure(failures[0] ?? 'different').stacktrace(text);
  }
  for (const name of lost) suite.testCase().className('landmarks').name(name).failure('not in the new folder');
  return builder.build();
}
