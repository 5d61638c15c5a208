import { type Binary, CURRENT_REMEDY, findFfmpeg, isFfmpegNamed } from '../system/ffmpeg-binaries.js';
import { runProgram } from '../system/run-program.js';
import { type CheckResult, checked, good } from './check.js';

/** Codecs used by phones, cameras and screen recorders. */
const DECODERS = ['h264', 'hevc', 'mpeg4', 'mjpeg', 'vp8', 'vp9', 'av1', 'prores'];
/** Decoders of other names for the same codec. */
const SAME: Readonly<Record<string, readonly string[]>> = { av1: ['libdav1d', 'libaom-av1'], vp9: ['libvpx-vp9'] };
const ENCODER = 'libx264';
const TIMEOUT_MS = 15_000;
const INSTALL =
  'apt-get install ffmpeg, brew install ffmpeg or winget install ffmpeg; or npm install --include=optional';

async function namesIn(ffmpeg: Binary, list: '-decoders' | '-encoders'): Promise<Set<string>> {
  const { stdout } = await runProgram(ffmpeg.path, ['-hide_banner', list], TIMEOUT_MS);
  return new Set([...stdout.matchAll(/^ [VASFXBD.]{6} (\S+)/gm)].map(([, name = '']) => name));
}

/** Checks ffmpeg and ffprobe, and the formats that they can read and write. */
export async function checkFfmpeg(named: { ffmpeg?: string; ffprobe?: string }): Promise<CheckResult[]> {
  // If the user named an ffmpeg, installing another does not help.
  const found = await checked('ffmpeg', 'missing', isFfmpegNamed(named) ? undefined : INSTALL, async () => {
    const { ffmpeg } = await findFfmpeg(named);
    return judge(ffmpeg);
  });
  if (found.health === 'missing') return [found];
  const { ffmpeg, ffprobe } = await findFfmpeg(named);
  return [
    found,
    { name: 'ffprobe', ...judge(ffprobe) },
    await checked('decoders', 'limited', INSTALL, () => checkDecoders(ffmpeg)),
    await checked('encoder', 'limited', INSTALL, () => checkEncoder(ffmpeg)),
  ];
}

/** The npm package's own are old, and get no fixes. */
function judge({ version, path, source, year }: Binary): Omit<CheckResult, 'name'> {
  if (source !== 'package') return good(`${version} (${path})`);
  const age = year === undefined ? '' : ` of ${year}, without security fixes since`;
  return { health: 'limited', found: `${version} (from the npm package${age})`, fix: CURRENT_REMEDY };
}

async function checkDecoders(ffmpeg: Binary): Promise<Omit<CheckResult, 'name'>> {
  const names = await namesIn(ffmpeg, '-decoders');
  const lacking = DECODERS.filter(name => ![name, ...(SAME[name] ?? [])].some(other => names.has(other)));
  if (lacking.length === 0) return good(DECODERS.join(', '));
  return { health: 'limited', found: `cannot read ${lacking.join(', ')}`, fix: INSTALL };
}

async function checkEncoder(ffmpeg: Binary): Promise<Omit<CheckResult, 'name'>> {
  if ((await namesIn(ffmpeg, '-encoders')).has(ENCODER)) return good(ENCODER);
  return { health: 'limited', found: `${ENCODER} is missing: no overlay videos (--no-overlay works)`, fix: INSTALL };
}
