import { createRequire } from 'node:module';
import type { Builder } from 'junit-report-builder';
import { forXml } from '../text/xml.js';
import type { SetComparison } from './compare-folders.js';
import { describeDifferences } from './record-differences.js';
import { describeWorst } from './report-text.js';
import { isBeyond } from './worst-frames.js';

// The package's types declare a default export that Node does not provide.
const junit = createRequire(import.meta.url)('junit-report-builder') as { newBuilder(): Builder };

/** The report as JUnit XML: one test case for each file. */
export function reportJunit({ files, lost }: SetComparison): string {
  const builder = junit.newBuilder();
  const suite = builder.testSuite().name('bodyscript compare');
  for (const { new: fresh, passed, failures, hints, records, worstFrames, worstDepths } of files) {
    const test = suite.testCase().className('landmarks').name(forXml(fresh));
    if (passed) continue;
    const worst = [...worstFrames.filter(isBeyond), ...worstDepths].map(describeWorst);
    const madeWith = records.length === 0 ? [] : [describeDifferences(records)];
    const lines = [...failures, ...hints, ...madeWith, ...worst].map(forXml);
    test.failure(lines[0] ?? 'different').stacktrace(lines.join('\n'));
  }
  for (const name of lost) suite.testCase().className('landmarks').name(forXml(name)).failure('not in the new folder');
  return builder.build();
}
