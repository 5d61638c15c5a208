import { SegmentFolder } from '../../analyze/segments/segment-folder.js';
import { storedSegments } from '../../analyze/segments/segment-shelf.js';
import { absolutePath } from '../../storage/address.js';
import type { Database } from '../ledger/database.js';
import { segmentsPath } from '../own-folder.js';
import { readPlan } from './plan-file.js';

/** A video that parts of a plan share, and that has no results yet. */
export interface UnjoinedVideo {
  readonly path: string;
  readonly segments: number;
  readonly stored: number;
  /** The parts that have segments to analyse; where no part has, any of its parts joins the video. */
  readonly openParts: readonly number[];
  readonly firstPart: number;
}

interface Shared {
  readonly path: string;
  readonly pieces: { readonly part: number; readonly from: number; readonly to: number }[];
}

/**
 * The videos of a folder's plan whose segments nobody has joined.
 * @param db the ledger in which all parts are merged
 * @throws BodyscriptError `PLAN_INVALID`
 */
export async function unjoinedVideos(db: Database, outDir: string): Promise<UnjoinedVideo[]> {
  const shared = new Map<string, Shared>();
  for await (const { path, name, part, piece } of readPlan(outDir)) {
    if (!piece) continue;
    const video = shared.get(name) ?? { path, pieces: [] };
    video.pieces.push({ part, ...piece });
    shared.set(name, video);
  }
  const unjoined: UnjoinedVideo[] = [];
  for (const [name, { path, pieces }] of shared) {
    const row = db.get("SELECT 1 AS found FROM jobs WHERE path = ? AND state = 'done'", absolutePath(path));
    if (row) continue;
    const stored = await storedSegments(new SegmentFolder(outDir, segmentsPath(outDir, name)));
    const isOpen = ({ from, to }: Shared['pieces'][number]) => {
      for (let index = from; index <= to; index++) if (!stored.has(index)) return true;
      return false;
    };
    const segments = Math.max(...pieces.map(({ to }) => to)) + 1;
    const openParts = pieces.filter(isOpen).map(({ part }) => part);
    const [{ part: firstPart } = { part: 1 }] = pieces;
    unjoined.push({ path, segments, stored: stored.size, openParts, firstPart });
  }
  return unjoined;
}
