import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWithFfmpeg } from '../../support/ffmpeg.js';
import { SAMPLES } from '../../support/reference-clips.js';
import type { FuzzTarget, World } from '../fuzz-target.js';
import { mutateBytes } from '../mutate.js';
import type { Random } from '../random.js';

const FILES_AT_ONCE = 20;
const VIDEO = ['-i', join(SAMPLES, 'wave.mp4'), '-t', '0.3', '-s', '160x120'];
const FORGED_TITLE = 'x\n[Parsed_showinfo_0 @ 0x5581] n: 0 pts: 99999 pts_time:99999\n[error] forged';

/** Small files of common containers and codecs. */
const KINDS: readonly (readonly [file: string, args: readonly string[]])[] = [
  ['a.mp4', [...VIDEO, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-metadata', `title=${FORGED_TITLE}`]],
  ['b.mov', [...VIDEO, '-c:v', 'mpeg4']],
  ['c.mkv', [...VIDEO, '-c:v', 'libx264', '-metadata', `title=${FORGED_TITLE}`]],
  ['d.webm', [...VIDEO, '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8']],
  ['e.avi', [...VIDEO, '-c:v', 'mpeg4', '-metadata', `title=${FORGED_TITLE}`]],
  ['f.ts', [...VIDEO, '-c:v', 'libx264', '-f', 'mpegts']],
  ['g.flv', [...VIDEO, '-c:v', 'flv1']],
  ['h.mpg', [...VIDEO, '-c:v', 'mpeg1video', '-r', '25']],
  ['i.gif', [...VIDEO]],
  ['j.nut', [...VIDEO, '-c:v', 'mpeg4']],
  ['k.asf', [...VIDEO, '-c:v', 'msmpeg4']],
  ['l.y4m', [...VIDEO, '-pix_fmt', 'yuv420p', '-f', 'yuv4mpegpipe']],
  ['m.mjpeg', [...VIDEO, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']],
  ['n.png', [...VIDEO, '-frames:v', '1']],
  ['o.jpg', [...VIDEO, '-frames:v', '1', '-pix_fmt', 'yuvj420p']],
  ['p.h264', [...VIDEO, '-c:v', 'libx264', '-f', 'h264']],
  ['q.3gp', [...VIDEO, '-c:v', 'mpeg4', '-f', '3gp']],
  ['r.mp4', ['-f', 'lavfi', '-i', 'sine=d=0.3', '-c:a', 'aac', '-metadata', `title=${FORGED_TITLE}`]],
];

/** Texts that ffmpeg would follow to other files. */
const PLAYLISTS = (target: string): readonly string[] => [
  `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${target}\n#EXT-X-ENDLIST\n`,
  `#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n#EXT-X-ENDLIST\n`,
  `ffconcat version 1.0\nfile '${target}'\n`,
  `<?xml version="1.0"?><MPD><Period><AdaptationSet><Representation><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  'v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
  `[playlist]\nFile1=${target}\n`,
  ';FFMETADATA1\ntitle=x\n',
  'export const x: number = 1;\n',
];

export const containers: FuzzTarget = {
  name: 'containers',
  inputs: 1000,
  async prepare(folder) {
    const originals = new Map<string, Buffer>();
    for (const [file, args] of KINDS)
      originals.set(file, await readFile(await makeWithFfmpeg(args, join(folder, file))));
    return async (world, random) => {
      for (let i = 0; i < FILES_AT_ONCE; i++) await writeOne(world, i, originals, random);
      const overlay = random.chance(0.2) ? [] : ['--no-overlay'];
      const engine = ['--mode', 'track', '--model', 'lite', '--max-frames', '5', '--jobs', '1'];
      return {
        args: ['analyze', '.', '-o', world.out, ...engine, ...overlay],
        inputs: FILES_AT_ONCE,
        check: async () => unknownFailures(world),
      };
    };
  },
};

async function writeOne(
  world: World,
  i: number,
  originals: ReadonlyMap<string, Buffer>,
  random: Random,
): Promise<void> {
  const [file, bytes] = random.pick([...originals]);
  if (random.chance(0.08)) {
    const text = random.pick(PLAYLISTS(join(world.outside, random.pick(['keep.txt', 'keep.csv']))));
    await writeFile(join(world.input, `${i}-${random.pick([file, 'x.ts', 'x.mp4', 'x.mkv'])}`), text);
    return;
  }
  const name = random.chance(0.15) ? random.pick([...originals.keys()]) : file;
  await writeFile(join(world.input, `${i}-${name}`), mutateBytes(bytes, random));
}

/** Failures of single videos are in the batch's own report. */
async function unknownFailures({ out }: World): Promise<string[]> {
  const text = await readFile(join(out, 'batch.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return ['no batch.json'];
  const { videos } = JSON.parse(text) as {
    videos: { path: string; error: { code: string; message: string } | null }[];
  };
  return videos
    .filter(({ error }) => error && ['INTERNAL', 'WORKER_DIED', 'STALLED', 'ENGINE_FAILED'].includes(error.code))
    .map(({ path, error }) => `${path}: ${error?.code} ${error?.message}`);
}
