import { markdownName, markdownText } from '../text/markdown.js';
import type { SetComparison } from './compare-folders.js';
import type { Comparison } from './comparison.js';
import { describeWorst } from './report-text.js';

/** The report as GitHub-flavoured Markdown, for a comment. */
export function reportMarkdown({ passed, files, lost, added }: SetComparison): string {
  const rows = files.map(fileRow);
  const failed = files.filter(file => !file.passed);
  return [
    `### Landmarks: ${passed ? 'as golden' : 'different'}`,
    '',
    '| file | | frames lost, added | poses lost, added | landmarks too far off | mean, most px | swaps |',
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

function details({ new: fresh, failures, hints, worstFrames }: Comparison): string[] {
  return [
    '',
    `<details><summary>${markdownName(fresh)}</summary>`,
    '',
    ...failures.map(text => `- ${markdownText(text)}`),
    ...hints.map(text => `- ${markdownText(text)}`),
    ...worstFrames.map(worst => `- ${markdownText(describeWorst(worst))}`),
    '',
    '</details>',
  ];
}
