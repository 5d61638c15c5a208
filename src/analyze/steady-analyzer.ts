import type { FrameAttempts } from '../model/attempts.js';
import type { Frame } from '../model/frame.js';
import type { FrameAnalyzer } from '../tracking/frame-analyzer.js';

type Tell = (entry: FrameAttempts) => void;

/**
 * An analyzer on a clock that never falls: trackers measure speeds and pauses, and would wait for hours if a camera's
 * clock went back by hours. Its results have steady times; `FrameLoop` replaces them with the table's.
 * @param create makes the analyzer; its reports on attempts have the table's times
 * @param timeScale true seconds in a second of the file
 */
export function steadyAnalyzer(
  create: (tell: Tell | undefined) => FrameAnalyzer,
  tell: Tell | undefined,
  timeScale: number,
): FrameAnalyzer {
  let timestamp = 0;
  const analyzer = create(tell && (entry => tell({ ...entry, timestamp })));
  return {
    analyze: (frame: Frame) => {
      ({ timestamp } = frame);
      return analyzer.analyze({ ...frame, timestamp: frame.steady.seconds * timeScale });
    },
    notes: () => analyzer.notes(),
    save: () => analyzer.save(),
    restore: state => analyzer.restore(state),
  };
}
