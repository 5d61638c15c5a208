import { createRequire } from 'node:module';
import type { Builder } from 'junit-report-builder';
import { forXml } from '../text/xml.js';
import type { SetComparison } from './compare-folders.js';
import { describeWorst } from './report-text.js';

// Its types tell of a default export that Node does not see.
const junit = createRequire(import.meta.url)('junit-report-builder') as { newBuilder(): Builder };

/** The report as JUnit XML: a test case for each file. */
export function reportJunit({ files, lost }: SetComparison): string {
  const builder = junit.newBuilder();
  const suite = builder.testSuite().name('bodyscript compare');
  for (const { new: fresh, passed, failures, hints, worstFrames } of files) {
    const test = suite.testCase().className('landmarks').name(forXml(fresh));
    if (passed) continue;
    const lines = [...failures, ...hints, ...worstFrames.map(describeWorst)].map(forXml);
    test.failure(lines[0] ?? 'different').stacktrace(lines.join('\n'));
  }
  for (const name of lost) suite.testCase().className('landmarks').name(forXml(name)).failure('not in the new folder');
  return builder.build();
}
