import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from '#zod';
import { BodyscriptError } from '../../errors.js';
import { amount, checked, count, name, text } from '../../formats/bounds.js';
import { parsePlainJson, UnfitJson } from '../../formats/plain-json.js';
import { containedPath } from '../../system/contained-path.js';
import { GrowingFile } from '../../system/whole-file.js';
import { counted } from '../../text/counted.js';
import { OWN_FOLDER } from '../own-folder.js';

/** Version of the plan's layout; increases when the meaning of a field changes. */
const VERSION = 1;
const LONGEST_LINE = 128 * 1024;
const MOST_PARTS = 100_000;
const LINES_AT_ONCE = 500;

const HEADER = z.object({
  planVersion: z.literal(VERSION),
  tool: z.object({ name: name(), version: name() }),
  madeAt: name(),
  parts: z.int().check(z.gte(1), z.lte(MOST_PARTS)),
  videos: count(),
});

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
});

/** The first line of a plan. */
export type PlanHeader = z.output<typeof HEADER>;
/** One video of a plan. */
export type PlanVideo = z.output<typeof VIDEO>;

export function planPath(outDir: string): string {
  return join(outDir, OWN_FOLDER, 'plan.ndjson');
}

/** Writes a plan, complete or not at all. @throws BodyscriptError as `GrowingFile` does */
export async function writePlan(
  outDir: string,
  header: Omit<PlanHeader, 'planVersion'>,
  videos: readonly PlanVideo[],
): Promise<void> {
  const file = await GrowingFile.create(planPath(outDir));
  try {
    await file.append(`${JSON.stringify({ planVersion: VERSION, ...header })}\n`);
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

/** A plan being read: its header, then its videos, one at a time. */
export interface OpenPlan {
  readonly header: PlanHeader;
  readonly videos: AsyncIterable<PlanVideo>;
}

/**
 * Reads an untrusted plan.
 * @throws BodyscriptError `INPUT_MISSING` if it does not exist, `PLAN_INVALID`
 */
export async function readPlan(outDir: string): Promise<OpenPlan> {
  const path = planPath(outDir);
  const isFile = await stat(path).then(
    stats => stats.isFile(),
    () => false,
  );
  if (!isFile) {
    throw new BodyscriptError('INPUT_MISSING', `${path}: no such plan`, {
      remedy: `Create one first with: bodyscript plan CLIPS -o ${JSON.stringify(outDir)} --parts 8`,
    });
  }
  const lines = linesOf(path);
  const first = await lines.next();
  const header = parse(HEADER, first.done ? '' : first.value, path, 1);
  return { header, videos: videosOf(lines, header, path, outDir) };
}

async function* videosOf(
  lines: AsyncIterable<string>,
  { parts, videos }: PlanHeader,
  path: string,
  outDir: string,
): AsyncGenerator<PlanVideo> {
  let number = 1;
  for await (const line of lines) {
    const video = parse(VIDEO, line, path, ++number);
    if (video.part > parts) throw invalid(path, `line ${number}: part ${video.part} of ${parts}`);
    if (containedPath(outDir, video.name) === undefined) {
      throw invalid(path, `line ${number}: the name leads out of the folder of results`);
    }
    yield video;
  }
  if (number - 1 !== videos)
    throw invalid(path, `contains ${counted(number - 1, 'video')}, but its first line says ${videos}`);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8');
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.length > LONGEST_LINE) throw invalid(path, 'has a line that is too long');
      yield line;
    }
  } finally {
    stream.destroy();
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
