import type { Rational } from '../model/frame.js';
import { LONGEST_PAUSE_SECONDS, SteadyClock } from '../model/steady-clock.js';

/** A clock in ticks of a stream. */
export interface TickClock {
  readonly usualStep: number;
  readonly longestPause: number;
}

/** @param averageRate frames per second, if the file states it */
export function tickClockOf(timeBase: Rational, averageRate: Rational | undefined): TickClock {
  const ticks = timeBase.den / timeBase.num;
  return {
    usualStep: averageRate ? (averageRate.den / averageRate.num) * ticks : 1,
    longestPause: LONGEST_PAUSE_SECONDS * ticks,
  };
}

export function steadyTicks({ usualStep, longestPause }: TickClock): SteadyClock {
  return new SteadyClock(usualStep, longestPause);
}

/**
 * A filter that sets frames' ticks to those since the first one by `SteadyClock`, for filters that select frames by
 * time.
 * Variables of the expression: 0 the last known time, 1 its steady time, 2 the step, 3 the last steady time, 4 the
 * first one, 5 ticks since the last known time, 6 whether a time is known, 7 the result.
 */
export function steadyFilter({ usualStep, longestPause }: TickClock): string {
  const isPause = `between(ld(5),0,${longestPause})`;
  const known = `if(ld(6),if(${isPause},max(ld(1)+ld(5),ld(3)),ld(3)+ld(2)),if(N,max(PTS,ld(3)),PTS))`;
  const steps = [
    `if(N,0,st(2,${usualStep}))`,
    'st(5,PTS-ld(0))',
    // A pause sets the step for the frames after it.
    `if(ld(6)*not(isnan(PREV_INPTS))*not(isnan(PTS)),if(gt(ld(5),0)*${isPause},st(2,ld(5))))`,
    `st(7,if(isnan(PTS),if(N,ld(3)+ld(2),0),${known}))`,
    'if(isnan(PTS),0,st(0,PTS);st(1,ld(7));st(6,1))',
    'st(3,ld(7))',
    'if(N,0,st(4,ld(7)))',
    'ld(7)-ld(4)',
  ];
  return `setpts='${steps.join(';')}'`;
}
