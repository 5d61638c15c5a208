import type { RgbaImage } from '../model/picture.js';
import { type Binary, CURRENT_REMEDY, findFfmpeg, isFfmpegNamed } from '../system/ffmpeg-binaries.js';
import { installFor, type NamedFfmpeg, outputOf } from './ask-ffmpeg.js';
import { type CheckResult, checked, good } from './check.js';
import { checkDecoding } from './check-decoding.js';

/** Codecs used by phones, cameras and screen recorders. */
const DECODERS = ['h264', 'hevc', 'mpeg4', 'mjpeg', 'vp8', 'vp9', 'av1', 'prores'];
/** Decoders of other names for the same codec. */
const SAME: Readonly<Record<string, readonly string[]>> = { av1: ['libdav1d', 'libaom-av1'], vp9: ['libvpx-vp9'] };
const ENCODER = 'libx264';

async function namesIn(
  ffmpeg: Binary,
  list: '-decoders' | '-encoders',
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const stdout = await outputOf(ffmpeg.path, ['-hide_banner', list], signal);
  return new Set([...stdout.matchAll(/^ [VASFXBD.]{6} (\S+)/gm)].map(([, name = '']) => name));
}

/**
 * Checks ffmpeg and ffprobe, and the formats that they can read and write.
 * @returns also the test picture, if ffmpeg decodes it
 */
export async function checkFfmpeg(named: NamedFfmpeg): Promise<{ results: CheckResult[]; picture?: RgbaImage }> {
  const fix = installFor(named);
  // The error of a named one says what to correct.
  const found = await checked('ffmpeg', 'missing', isFfmpegNamed(named) ? undefined : fix, async () =>
    judge((await findFfmpeg(named)).ffmpeg),
  );
  if (found.health === 'missing') return { results: [found] };
  const { ffmpeg, ffprobe } = await findFfmpeg(named);
  const { result, ...decoded } = await checkDecoding(ffmpeg.path, named);
  const results = [
    found,
    { name: 'ffprobe', ...judge(ffprobe) },
    result,
    await checked('decoders', 'limited', fix, () => checkDecoders(ffmpeg, fix, named.signal)),
    await checked('encoder', 'limited', fix, () => checkEncoder(ffmpeg, fix, named.signal)),
  ];
  return { results, ...decoded };
}

/** The npm package's own are old, and get no fixes. */
function judge({ version, path, source, year }: Binary): Omit<CheckResult, 'name'> {
  if (source !== 'package') return good(`${version} (${path})`);
  const age = year === undefined ? '' : ` of ${year}, without security fixes since`;
  return { health: 'limited', found: `${version} (from the npm package${age})`, fix: CURRENT_REMEDY };
}

async function checkDecoders(ffmpeg: Binary, fix: string, signal?: AbortSignal): Promise<Omit<CheckResult, 'name'>> {
  const names = await namesIn(ffmpeg, '-decoders', signal);
  const lacking = DECODERS.filter(name => ![name, ...(SAME[name] ?? [])].some(other => names.has(other)));
  if (lacking.length === 0) return good(DECODERS.join(', '));
  return { health: 'limited', found: `cannot read ${lacking.join(', ')}`, fix };
}

async function checkEncoder(ffmpeg: Binary, fix: string, signal?: AbortSignal): Promise<Omit<CheckResult, 'name'>> {
  if ((await namesIn(ffmpeg, '-encoders', signal)).has(ENCODER)) return good(ENCODER);
  return { health: 'limited', found: `${ENCODER} is missing: no overlay videos (--no-overlay works)`, fix };
}
