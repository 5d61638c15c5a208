import type { StepRate } from '../../signal/step-rate.js';
import { timesOf } from '../../text/counted.js';
import { visible } from '../../text/visible.js';

/** Warning about a file whose header states one rate although times pause; none without pauses. */
export function pauseWarnings(name: string, { pauses: { count, longest } }: StepRate): string[] {
  if (count === 0) return [];
  return [
    `${visible(name)}: the frames pause ${timesOf(count)}, for ${Number(longest.toFixed(3))} s at most; ` +
      "DataRate is that of the frames between, and Time is each frame's own",
  ];
}
