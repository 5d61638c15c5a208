import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analysedSize } from '../../src/decode/decode-command.js';
import { FrameReader } from '../../src/decode/frame-reader.js';
import { openSource } from '../../src/decode/input.js';
import { probeVideo } from '../../src/decode/probe.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { ENGINE_NAMES } from '../../src/engine/worker/protocol.js';
import { WorkerEngine } from '../../src/engine/worker/worker-engine.js';
import { findFfmpeg } from '../../src/system/ffmpeg-binaries.js';
import { IS_FULL } from '../support/full-tests.js';
import { HAS_REFERENCE_CLIPS, REFERENCE_CLIPS } from '../support/reference-clips.js';

/** Frame rate of Google's test, independent of the file. */
const STEP_SECONDS = 0.0333333;
/** Tighter than Google's own bounds of 31 px and 0.24 m. */
const WORST_PIXELS = 28;
const WORST_METRES = 0.19;

type Golden = [x: number, y: number, z: number][][];

async function golden(name: string): Promise<Golden> {
  return JSON.parse(await readFile(join(REFERENCE_CLIPS, name), 'utf8')) as Golden;
}

describe.skipIf(!HAS_REFERENCE_CLIPS)("Google's golden landmarks of pose_squats.mp4", () => {
  test.each(ENGINE_NAMES.filter(name => IS_FULL || name === 'native'))(
    '%s: every landmark of every frame is close, in the picture and in metres',
    async name => {
      const [points, world] = await Promise.all([golden('pose_squats.full.json'), golden('pose_squats_3d.full.json')]);
      const binaries = await findFfmpeg();
      await using source = await openSource(join(REFERENCE_CLIPS, 'pose_squats.mp4'));
      const video = await probeVideo(source, binaries.ffprobe);
      const size = analysedSize(video);
      await using engine = await WorkerEngine.create(name, DEFAULT_ENGINE_OPTIONS);
      await using reader = await FrameReader.open({
        source,
        video,
        size,
        selection: { every: 1 },
        ffmpeg: binaries.ffmpeg,
      });
      const pixels: number[] = [];
      const metres: number[] = [];
      for await (const frame of reader.frames()) {
        const [pose] = await engine.track(frame.image, frame.frameId * STEP_SECONDS);
        for (const [id, point] of (pose?.landmarks ?? []).entries()) {
          const [x = 0, y = 0] = points[frame.frameId]?.[id] ?? [];
          pixels.push(Math.abs(point.x * size.width - x), Math.abs(point.y * size.height - y));
          const space = pose?.worldLandmarks[id];
          const [wx = 0, wy = 0, wz = 0] = world[frame.frameId]?.[id] ?? [];
          metres.push(Math.abs((space?.x ?? 9) - wx), Math.abs((space?.y ?? 9) - wy), Math.abs((space?.z ?? 9) - wz));
        }
        frame.release();
      }
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const report = `2D mean ${mean(pixels).toFixed(2)} px, worst ${Math.max(...pixels).toFixed(2)} px; 3D mean ${mean(metres).toFixed(4)} m, worst ${Math.max(...metres).toFixed(4)} m`;
      process.stdout.write(`goldens, ${name}: ${report}\n`);
      expect(pixels).toHaveLength(65 * 33 * 2);
      expect(Math.max(...pixels)).toBeLessThan(WORST_PIXELS);
      expect(Math.max(...metres)).toBeLessThan(WORST_METRES);
    },
  );
});
