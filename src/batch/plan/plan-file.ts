import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as z from '#zod';
import { BodyscriptError } from '../../errors.js';
import { amount, checked, count, name, text } from '../../formats/bounds.js';
import { parsePlainJson, UnfitJson } from '../../formats/plain-json.js';
import { LineTooLong, linesOf, readBytes, textOf } from '../../formats/text-pieces.js';
import { GrowingFile } from '../../system/whole-file.js';
import { counted } from '../../text/counted.js';
import { isAddress } from '../../text/url.js';
import { faultOfName } from '../output-name.js';
import { OWN_FOLDER } from '../own-folder.js';

/**
 * Version of the plan's layout; increases when the meaning of a field changes. The second has pieces of videos; a plan
 * without them is still written as the first.
 */
const VERSIONS = { whole: 1, pieces: 2 } as const;
const MOST_SEGMENTS = 1_000_000;
const MOST_PARTS = 100_000;
const LINES_AT_ONCE = 500;

const HEADER = z.object({
  planVersion: z.union([z.literal(VERSIONS.whole), z.literal(VERSIONS.pieces)]),
  tool: z.object({ name: name(), version: name() }),
  madeAt: name(),
  parts: z.int().check(z.gte(1), z.lte(MOST_PARTS)),
  videos: count(),
  /** Lines after the first: each piece of a video has one. */
  lines: z.optional(count()),
  /** How the parts analyse segments, whatever the machine of each: `--segments` of the plan. */
  segments: z.optional(z.enum(['on', 'auto'])),
});

const segment = () => z.int().check(z.gte(0), z.lte(MOST_SEGMENTS));

const VIDEO = z.object({
  /** From 1. */
  part: z.int().check(z.gte(1), z.lte(MOST_PARTS)),
  /** Absolute path. */
  path: text(),
  /** The path as the user gave it. */
  given: text(),
  /** Base name of its outputs, without suffix, relative to the results folder, with slashes. */
  name: text(4096),
  bytes: z.nullable(count()),
  frames: z.nullable(count()),
  width: z.nullable(count()),
  height: z.nullable(count()),
  /** Frames times pixels, in millions: the measure for balancing parts. */
  work: amount(),
  /** Indices of the first and the last segment that the part analyses of the video; absent: the whole video. */
  piece: z.optional(z.object({ from: segment(), to: segment() })),
});

/** The first line of a plan. */
export type PlanHeader = z.output<typeof HEADER>;
/** One video of a plan, or a piece of one. */
export type PlanVideo = z.output<typeof VIDEO>;

export function planPath(outDir: string): string {
  return join(outDir, OWN_FOLDER, 'plan.ndjson');
}

/** Writes a plan, complete or not at all. @throws BodyscriptError as `GrowingFile` does */
export async function writePlan(
  outDir: string,
  header: Omit<PlanHeader, 'planVersion' | 'lines'>,
  videos: readonly PlanVideo[],
): Promise<void> {
  const file = await GrowingFile.create(planPath(outDir));
  try {
    const planVersion = header.segments === undefined ? VERSIONS.whole : VERSIONS.pieces;
    await file.append(`${JSON.stringify({ planVersion, ...header, lines: videos.length })}\n`);
    for (let at = 0; at < videos.length; at += LINES_AT_ONCE) {
      const lines = videos.slice(at, at + LINES_AT_ONCE).map(video => `${JSON.stringify(video)}\n`);
      await file.append(lines.join(''));
    }
    await file.close();
    await file.publish();
  } catch (error) {
    await file.remove().catch(() => {}); // Only the first failure counts.
    throw error;
  }
}

/**
 * Reads the first line of an untrusted plan.
 * @throws BodyscriptError `INPUT_MISSING` if it does not exist, `PLAN_INVALID`
 */
export async function readPlanHeader(outDir: string): Promise<PlanHeader> {
  const lines = planLines(await existingPlan(outDir));
  try {
    return await headerOf(lines, planPath(outDir));
  } finally {
    await lines.return(undefined); // Closes the file, of which the rest is not read.
  }
}

/**
 * Reads the videos of an untrusted plan, one at a time.
 * @throws BodyscriptError as `readPlanHeader` does
 */
export async function* readPlan(outDir: string): AsyncGenerator<PlanVideo> {
  const path = await existingPlan(outDir);
  const lines = planLines(path);
  try {
    yield* videosOf(lines, await headerOf(lines, path), path, outDir);
  } finally {
    await lines.return(undefined);
  }
}

async function existingPlan(outDir: string): Promise<string> {
  const path = planPath(outDir);
  const isFile = await stat(path).then(
    stats => stats.isFile(),
    () => false,
  );
  if (isFile) return path;
  throw new BodyscriptError('INPUT_MISSING', `${path}: no such plan`, {
    remedy: `Create one first with: bodyscript plan CLIPS -o ${JSON.stringify(outDir)} --parts 8`,
  });
}

async function headerOf(lines: AsyncGenerator<string>, path: string): Promise<PlanHeader> {
  const first = await lines.next();
  return parse(HEADER, first.done ? '' : first.value, path, 1);
}

async function* videosOf(
  lines: AsyncIterable<string>,
  { parts, videos, lines: count = videos }: PlanHeader,
  path: string,
  outDir: string,
): AsyncGenerator<PlanVideo> {
  const names = new Names();
  let number = 1;
  for await (const line of lines) {
    const video = parse(VIDEO, line, path, ++number);
    if (video.part > parts) throw invalid(path, `line ${number}: part ${video.part} of ${parts}`);
    // A relative path depends on the task's folder, and `-` would wait for stdin.
    if (!isAbsolute(video.path) && !isAddress(video.path)) throw invalid(path, `line ${number}: the path is relative`);
    const fault = faultOfName(outDir, video.name);
    if (fault !== undefined) throw invalid(path, `line ${number}: ${fault}`);
    // No part knows the other's videos, so only the plan can say that two would overwrite each other.
    if (!names.take(video)) throw invalid(path, `line ${number}: a second video has its name`);
    // A part that has the video twice would silently leave one line out.
    if (!names.isOnly(video)) throw invalid(path, `line ${number}: its video has another name in an earlier line`);
    yield video;
  }
  if (number - 1 !== count)
    throw invalid(path, `contains ${counted(number - 1, 'video')}, but its first line says ${count}`);
}

/** Which video has which name. Pieces of one video share it, one in each part. */
class Names {
  readonly #taken = new Map<string, { readonly path: string; readonly parts: Set<number> } | undefined>();

  readonly #ofVideos = new Map<string, string>();

  /** Whether earlier lines have no other name for the video. */
  isOnly({ name, path }: PlanVideo): boolean {
    const known = this.#ofVideos.get(path);
    if (known === undefined) this.#ofVideos.set(path, name);
    return known === undefined || known === name;
  }

  /** @returns false if another video has the name, or the part has a piece of this one already */
  take({ name, path, part, piece }: PlanVideo): boolean {
    if (!this.#taken.has(name)) {
      this.#taken.set(name, piece && { path, parts: new Set([part]) });
      return true;
    }
    const known = this.#taken.get(name);
    if (!known || !piece || known.path !== path || known.parts.has(part)) return false;
    known.parts.add(part);
    return true;
  }
}

/** The lines of a plan; long ones are refused before they are in memory. @throws BodyscriptError `PLAN_INVALID` */
async function* planLines(path: string): AsyncGenerator<string> {
  try {
    yield* linesOf(textOf(readBytes(path)));
  } catch (cause) {
    if (cause instanceof LineTooLong) throw invalid(path, cause.message, cause);
    throw cause;
  }
}

function parse<T extends z.ZodMiniType>(schema: T, line: string, path: string, number: number): z.output<T> {
  try {
    const result = checked(schema, parsePlainJson(line));
    if ('problem' in result) throw new UnfitJson(result.problem);
    return result.data;
  } catch (cause) {
    if (cause instanceof UnfitJson) throw invalid(path, `line ${number}: ${cause.message}`, cause);
    throw cause;
  }
}

function invalid(path: string, what: string, cause?: unknown): BodyscriptError {
  return new BodyscriptError('PLAN_INVALID', `${path}: not a valid plan: ${what}`, {
    cause,
    remedy: 'Create the plan again with "bodyscript plan"; finished videos are not analysed again.',
  });
}
