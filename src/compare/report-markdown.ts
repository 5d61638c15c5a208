import { markdownName, markdownText } from '../text/markdown.js';
import type { SetComparison } from './compare-folders.js';
import type { Comparison } from './comparison.js';
import { describeDifferences } from './record-differences.js';
import { describeWorst } from './report-text.js';
import { isBeyond } from './worst-frames.js';

/** The report as GitHub-flavoured Markdown, for a comment. */
export function reportMarkdown({ passed, files, lost, added }: SetComparison): string {
  const rows = files.map(fileRow);
  const failed = files.filter(file => !file.passed);
  return [
    `### Landmarks: ${passed ? 'as golden' : 'different'}`,
    '',
    '| file | | frames lost, added | poses lost, added | landmarks beyond the tolerance | mean, largest px | swaps |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    ...lost.map(name => `| ${markdownName(name)} | :x: lost | | | | | |`),
    ...added.map(name => `| ${markdownName(name)} | new | | | | | |`),
    ...failed.flatMap(details),
    '',
  ].join('\n');
}

function fileRow({
  new: fresh,
  passed,
  frames,
  poses,
  landmarks,
  distance,
  swaps,
  identityChanges,
}: Comparison): string {
  const cells = [
    markdownName(fresh),
    passed ? ':white_check_mark:' : ':x:',
    `${frames.lost}, ${frames.added} of ${frames.golden}`,
    `${poses.lost}, ${poses.added} of ${poses.golden}`,
    `${landmarks.different} of ${landmarks.compared}`,
    `${distance.mean.toFixed(2)}, ${distance.max.toFixed(2)}`,
    `${swaps + identityChanges}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function details({ new: fresh, failures, hints, records, worstFrames, worstDepths }: Comparison): string[] {
  return [
    '',
    `<details><summary>${markdownName(fresh)}</summary>`,
    '',
    ...failures.map(text => `- ${markdownText(text)}`),
    ...hints.map(text => `- ${markdownText(text)}`),
    ...(records.length === 0 ? [] : [`- ${markdownText(describeDifferences(records))}`]),
    ...[...worstFrames.filter(isBeyond), ...worstDepths].map(worst => `- ${markdownText(describeWorst(worst))}`),
    '',
    '</details>',
  ];
}
