import type { Piece } from '../../analyze/segments/analyse-piece.js';
import { balance } from './balance.js';

/** The work of a video, and into how many segments of equal work it can be cut; 1: not at all. */
export interface Divisible {
  readonly work: number;
  readonly segments: number;
}

/** A video, or consecutive segments of it, in a part. */
export interface Share {
  /** Index of the video. */
  readonly video: number;
  /** From 1. */
  readonly part: number;
  readonly work: number;
  /** Undefined: the whole video. */
  readonly piece: Piece | undefined;
}

/** A video stays whole if its part then has at most this many times the mean: joining a video decodes it again. */
const WHOLE_UP_TO = 1.1;
/** A video with less work than this, in means of the parts, is not worth cutting. */
export const CUT_FROM = 0.25;

/**
 * Divides videos into parts of about equal work. Those that cannot be cut go the largest first into the part with the
 * least work. Each other one stays whole where it fits; otherwise parts are filled with its segments one after another
 * (McNaughton 1959, the wrap-around rule), so that a part has at most one piece of a video.
 * @returns in the order of the videos, pieces of one in the order of its segments
 */
export function divide(videos: readonly Divisible[], parts: number): Share[] {
  const shares: Share[] = [];
  const loads = new Float64Array(parts);
  const put = (share: Share) => {
    shares.push(share);
    loads[share.part - 1] = (loads[share.part - 1] ?? 0) + share.work;
  };
  const least = (CUT_FROM * videos.reduce((sum, { work }) => sum + work, 0)) / parts;
  const isFixed = ({ segments, work }: Divisible) => segments < 2 || work < least;
  const fixed = videos.flatMap((video, at) => (isFixed(video) ? [at] : []));
  const works = fixed.map(at => videos[at]?.work ?? 0);
  for (const [place, part] of balance(works, parts).entries())
    put({ video: fixed[place] as number, part, work: works[place] as number, piece: undefined });
  const others = videos.flatMap((video, at) => (isFixed(video) ? [] : [{ ...video, at }]));
  const level = levelOf(
    loads,
    others.reduce((sum, { work }) => sum + work, 0),
  );
  for (const { at, work, segments } of others.sort((a, b) => b.work - a.work || a.at - b.at))
    for (const share of sharesOf({ work, segments }, loads, level)) put({ ...share, video: at });
  return shares.sort((a, b) => a.video - b.video || (a.piece?.from ?? 0) - (b.piece?.from ?? 0));
}

/** The work of each part once further work has filled the emptier ones, like water. */
function levelOf(loads: Float64Array, more: number): number {
  const sorted = [...loads].sort((a, b) => a - b);
  let sum = more;
  for (const [filled, load] of sorted.entries()) {
    if (filled > 0 && sum / filled <= load) return sum / filled;
    sum += load;
  }
  return sum / sorted.length;
}

function sharesOf({ work, segments }: Divisible, loads: Float64Array, level: number): Omit<Share, 'video'>[] {
  const least = loads.reduce((min, load, part) => (load < (loads[min] ?? 0) ? part : min), 0);
  if ((loads[least] ?? 0) + work <= WHOLE_UP_TO * level || loads.length === 1)
    return [{ part: least + 1, work, piece: undefined }];
  // The fullest first, so that empty parts stay for whole videos.
  const parts = [...loads.keys()].sort((a, b) => (loads[b] ?? 0) - (loads[a] ?? 0) || b - a);
  const each = work / segments;
  const counts = fill(
    parts.map(part => Math.max(0, (level - (loads[part] ?? 0)) / each)),
    segments,
  );
  const shares: Omit<Share, 'video'>[] = [];
  let from = 0;
  for (const [place, count] of counts.entries()) {
    if (count === 0) continue;
    const piece = count === segments ? undefined : { from, to: from + count - 1 };
    shares.push({ part: (parts[place] ?? 0) + 1, work: count * each, piece });
    from += count;
  }
  return shares;
}

/**
 * Numbers of segments for parts with room for some, in order. What rounding leaves over goes to those with the most
 * room left.
 */
function fill(rooms: readonly number[], segments: number): number[] {
  let left = segments;
  const counts = rooms.map(room => {
    const count = Math.min(Math.round(room), left);
    left -= count;
    return count;
  });
  const spare = (place: number) => (rooms[place] ?? 0) - (counts[place] ?? 0);
  const order = [...rooms.keys()].sort((a, b) => spare(b) - spare(a));
  for (let at = 0; left > 0; at = (at + 1) % order.length, left--) {
    const place = order[at] as number;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}
