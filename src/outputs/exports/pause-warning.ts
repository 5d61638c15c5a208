import type { StepRate } from '../../signal/step-rate.js';
import { visible } from '../../text/visible.js';

/** What a user should know of a file whose head tells one rate for times that pause; none without pauses. */
export function pauseWarnings(name: string, { pauses: { count, longest } }: StepRate): string[] {
  if (count === 0) return [];
  const pauses = count === 1 ? 'pause once' : `pause ${count} times`;
  return [
    `${visible(name)}: the frames ${pauses}, for at most ${Number(longest.toFixed(3))} s; ` +
      "DataRate is that of the frames between, and Time is each frame's own",
  ];
}
